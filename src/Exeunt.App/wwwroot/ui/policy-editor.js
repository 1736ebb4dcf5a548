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
    const page = await this.ask("meaning");
    if (page) this.show(page);
  }

  // The whole page comes back; its form and its right side take the place of ours, what was open stays open.
  async swap(wanted, focus) {
    clearTimeout(this.timer);
    const page = await this.ask(wanted);
    if (!page) return;
    const open = [...this.querySelectorAll("details[open]")].map((d) => d.id);
    this.querySelector("#policy-fields").replaceWith(page.querySelector("#policy-fields"));
    for (const id of open) if (document.getElementById(id)) document.getElementById(id).open = true;
    this.show(page);
    const [verb, path] = wanted.split(":");
    const list = path?.slice(0, verb === "remove" ? path.lastIndexOf("[") : undefined);
    const rows = verb === "add" ? [...this.querySelectorAll("details.row")].filter((d) => d.id.startsWith(`row-${list}[`) && !d.id.slice(`row-${list}[`.length).includes("[")) : [];
    const next = focus ? this.form.elements[focus] : rows.at(-1)?.querySelector("input, select, textarea") ?? document.getElementById(`add-${list}`);
    next?.focus();
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
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "text/html" }, signal: this.asked.signal });
      return answer.ok || answer.status === 422 ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    } catch (error) {
      if (error.name === "AbortError") return null;
      throw error;
    }
  }
}

customElements.define("ex-policy-editor", PolicyEditor);
