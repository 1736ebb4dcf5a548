// Looks again at a page that changes by itself, every few seconds, as long as the element is on it.
class Refresh extends HTMLElement {
  connectedCallback() {
    this.timer = setTimeout(() => window.Turbo ? window.Turbo.visit(location.href, { action: "replace" }) : location.reload(), 1000 * (Number(this.getAttribute("seconds")) || 2));
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }
}

customElements.define("ex-refresh", Refresh);
