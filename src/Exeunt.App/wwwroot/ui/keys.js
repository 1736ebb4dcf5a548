// The keyboard of the console. Lists: / searches, j and k move, x chooses a row, a goes to what can be done with the chosen ones. A case:
// e goes to the first thing to do, n and p to the next and previous case of the list one came from. g and a letter goes there, ? shows
// the keys, Escape leaves a field and goes back to the list. Everything has a link or a button as well.
const LIST = "exeunt.list";

class Keys extends HTMLElement {
  connectedCallback() {
    this.listener = (event) => this.press(event);
    document.addEventListener("keydown", this.listener);
    this.remember();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listener);
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest("dialog")) return;
    if (event.key === "Escape") return this.leave(event);
    if (event.target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])")) return;
    const goes = this.going;
    this.going = false;
    if (goes) {
      const link = document.querySelector(`.menu a[data-key="${CSS.escape(event.key)}"]`);
      if (link) this.done(event, () => link.click());
      return;
    }
    switch (event.key) {
      case "g":
        this.going = true;
        setTimeout(() => (this.going = false), 1500);
        break;
      case "/": {
        const search = document.querySelector("input[type=search]");
        if (search) this.done(event, () => { search.focus(); search.select(); });
        break;
      }
      case "j":
      case "k":
        this.done(event, () => this.move(event.key === "j" ? 1 : -1));
        break;
      case "x": {
        const box = document.activeElement?.closest("tr")?.querySelector("input.choose");
        if (box) this.done(event, () => box.click());
        break;
      }
      case "a": {
        const menu = document.querySelector("#batch-action");
        if (menu) this.done(event, () => { menu.focus(); menu.scrollIntoView({ block: "nearest" }); });
        break;
      }
      case "e": {
        const first = document.querySelector("#next :is(input:not([type=hidden]), select, textarea, button, a.btn)");
        if (first) this.done(event, () => { first.focus(); first.scrollIntoView({ block: "center" }); });
        break;
      }
      case "n":
      case "p":
        this.neighbour(event, event.key === "n" ? 1 : -1);
        break;
      case "?":
        this.done(event, () => this.querySelector("dialog").showModal());
        break;
    }
  }

  move(step) {
    const rows = [...document.querySelectorAll("a.row-link")];
    const at = rows.indexOf(document.activeElement?.closest("tr, li")?.querySelector("a.row-link") ?? document.activeElement);
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))];
    next?.focus();
    next?.closest("tr, li")?.scrollIntoView({ block: "nearest" });
  }

  // A page with several cases is the list that n, p and Escape mean on the page of one.
  remember() {
    const cases = [...new Set([...document.querySelectorAll('main a.row-link[href^="/cases/"]')].map((a) => a.getAttribute("href").split("#")[0]))].filter((h) => /^\/cases\/[0-9a-f-]{36}$/.test(h));
    if (cases.length > 0 && !/^\/cases\/[0-9a-f-]{36}/.test(location.pathname))
      sessionStorage.setItem(LIST, JSON.stringify({ from: location.pathname + location.search, cases }));
  }

  list() {
    try {
      return JSON.parse(sessionStorage.getItem(LIST));
    } catch {
      return null;
    }
  }

  neighbour(event, step) {
    const list = this.list();
    const at = list?.cases.indexOf(location.pathname) ?? -1;
    const next = at < 0 ? undefined : list.cases[at + step];
    if (next) this.done(event, () => this.go(next));
  }

  leave(event) {
    if (event.target.closest("input, textarea, select")) return event.target.blur();
    const list = this.list();
    if (list?.cases.includes(location.pathname)) this.done(event, () => this.go(list.from));
  }

  go(address) {
    window.Turbo ? window.Turbo.visit(address) : location.assign(address);
  }

  done(event, act) {
    event.preventDefault();
    act();
  }
}

customElements.define("ex-keys", Keys);
