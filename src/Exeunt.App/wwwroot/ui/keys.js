// The keyboard of the console: / searches, j and k move in a list, g and a letter goes there, ? shows the keys.
class Keys extends HTMLElement {
  connectedCallback() {
    this.listener = (event) => this.press(event);
    document.addEventListener("keydown", this.listener);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listener);
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    const goes = this.going;
    this.going = false;
    if (goes) {
      const link = document.querySelector(`.menu a[data-key="${CSS.escape(event.key)}"]`);
      if (link) this.done(event, () => link.click());
    } else if (event.key === "g") {
      this.going = true;
      setTimeout(() => (this.going = false), 1500);
    } else if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) this.done(event, () => { search.focus(); search.select(); });
    } else if (event.key === "j" || event.key === "k") {
      this.done(event, () => this.move(event.key === "j" ? 1 : -1));
    } else if (event.key === "?") {
      this.done(event, () => this.querySelector("dialog").showModal());
    }
  }

  move(step) {
    const rows = [...document.querySelectorAll("a.row-link")];
    const at = rows.indexOf(document.activeElement);
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))];
    next?.focus();
    next?.closest("tr, li")?.scrollIntoView({ block: "nearest" });
  }

  done(event, act) {
    event.preventDefault();
    act();
  }
}

customElements.define("ex-keys", Keys);
