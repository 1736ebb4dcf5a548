// <ex-policy-editor>: while somebody types, asks the server what the form means and shows it at the right; buttons that add or
// remove rows, and choices that bring other fields, change the form in place. Without this script the same buttons load the page.
const Pause = 400;

class PolicyEditor extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.addEventListener("input", () => this.later());
    this.addEventListener("change", (event) => {
      if (event.target.matches("[data-refresh]")) this.swap("refresh", event.target.name);
    });
    this.form.addEventListener("submit", (event) => {
      const wanted = event.submitter?.value ?? "";
      if (!wanted.startsWith("add:") && !wanted.startsWith("remove:")) return;
      event.preventDefault();
      this.swap(wanted);
    });
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.asked?.abort();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.preview(), Pause);
  }

  async preview() {
    // A change of the form's fields comes first; it shows the meaning too.
    if (this.swapping) return this.later();
    const page = await this.ask("meaning");
    if (page) this.show(page);
  }

  // The whole page comes back; its form and its right side take the place of ours, what was open stays open.
  // What was typed while the server answered is kept, and so is the place where it was typed.
  async swap(wanted, focus) {
    clearTimeout(this.timer);
    const [verb, path] = wanted.split(":");
    const list = path?.slice(0, verb === "remove" ? path.lastIndexOf("[") : undefined);
    const sent = this.values();
    this.swapping = true;
    const page = await this.ask(wanted).finally(() => (this.swapping = false));
    if (!page) return;
    const typed = [...this.values()].filter(([key, value]) => sent.get(key) !== value && !(verb === "remove" && key.startsWith(`${list}[`)));
    const at = this.form.contains(document.activeElement) ? document.activeElement.name : null;
    const { selectionStart: from = null, selectionEnd: to } = document.activeElement;
    const open = [...this.querySelectorAll("details[open]")].map((d) => d.id);
    this.querySelector("#policy-fields").replaceWith(page.querySelector("#policy-fields"));
    for (const id of open) if (document.getElementById(id)) document.getElementById(id).open = true;
    this.show(page);
    for (const [key, value] of typed) this.write(key, value);
    if (typed.length > 0) this.later();
    if (at && at !== focus && !at.startsWith("do") && this.form.elements[at]?.focus) {
      this.form.elements[at].focus();
      // What was marked stays marked: the next key falls where the person saw it would.
      if (from !== null) this.form.elements[at].setSelectionRange?.(from, to);
      return;
    }
    const rows = verb === "add" ? [...this.querySelectorAll("details.row")].filter((d) => d.id.startsWith(`row-${list}[`) && !d.id.slice(`row-${list}[`.length).includes("[")) : [];
    const next = focus ? this.form.elements[focus] : rows.at(-1)?.querySelector("input, select, textarea") ?? document.getElementById(`add-${list}`);
    next?.focus();
  }

  // Every field by its name (of one among several with its value) with what it holds.
  values() {
    return new Map([...this.form.elements].filter((e) => e.name && e.type !== "submit" && e.type !== "button" && e.type !== "hidden").map((e) => [this.key(e), this.ticks(e) ? e.checked : e.value]));
  }

  write(key, value) {
    const field = [...this.form.elements].find((e) => e.name && this.key(e) === key);
    if (!field) return;
    if (this.ticks(field)) field.checked = value;
    else field.value = value;
  }

  key(field) {
    return this.ticks(field) ? `${field.name}=${field.value}` : field.name;
  }

  ticks(field) {
    return field.type === "checkbox" || field.type === "radio";
  }

  show(page) {
    for (const id of ["policy-meaning", "policy-example"]) this.querySelector(`#${id}`).replaceWith(page.querySelector(`#${id}`));
  }

  async ask(wanted) {
    this.asked?.abort();
    this.asked = new AbortController();
    const body = new URLSearchParams(new FormData(this.form));
    body.set("do", wanted);
    try {
      const answer = await fetch(this.form.getAttribute("action"), { method: "POST", body, headers: { Accept: "text/html" }, signal: this.asked.signal });
      return answer.ok || answer.status === 422 ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    } catch (error) {
      if (error.name === "AbortError") return null;
      throw error;
    }
  }
}

customElements.define("ex-policy-editor", PolicyEditor);
