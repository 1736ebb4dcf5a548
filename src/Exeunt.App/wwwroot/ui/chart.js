// <ex-chart kind="bar|stack|line|step|sankey" axis-x axis-y unit>: draws the figures of the table inside it and folds the table away.
// Without this script, or when drawing fails, the open table says the same.
const dark = matchMedia("(prefers-color-scheme: dark)");

class Chart extends HTMLElement {
  async connectedCallback() {
    const echarts = await import("/lib/echarts/echarts.esm.min.js");
    if (!this.isConnected) return;
    const plot = this.querySelector(".plot");
    plot.hidden = false;
    this.chart = echarts.init(plot, null, { renderer: "svg" });
    this.draw();
    this.querySelector("details").open = false;
    this.sizes = new ResizeObserver(() => this.chart.resize());
    this.sizes.observe(plot);
    this.redraw = () => this.draw();
    dark.addEventListener("change", this.redraw);
  }

  disconnectedCallback() {
    this.sizes?.disconnect();
    this.chart?.dispose();
    if (this.redraw) dark.removeEventListener("change", this.redraw);
  }

  draw() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue("--" + name).trim();
    const kind = this.getAttribute("kind");
    const bars = kind === "bar" || kind === "stack";
    const unit = this.getAttribute("unit") ?? "";
    const write = (value) => {
      const number = Math.abs(value).toLocaleString("en", { maximumFractionDigits: 2 });
      return (value < 0 ? "−" : "") + (unit === "%" ? number + "%" : unit + number);
    };
    const rows = [...this.querySelectorAll("tbody tr")];
    const names = [...this.querySelectorAll("thead th")].slice(1).map((th) => th.textContent);
    if (kind === "sankey") return this.flows(rows, names, write, colour);
    const text = { color: colour("mute"), fontSize: 12, fontFamily: getComputedStyle(this).fontFamily };
    this.chart.setOption({
      animation: false,
      color: [1, 2, 3, 4, 5].map((n) => colour("chart-" + n)),
      textStyle: { fontFamily: getComputedStyle(this).fontFamily },
      grid: { left: 4, right: 12, top: names.length > 1 ? 34 : 26, bottom: 22, containLabel: true },
      legend: { show: names.length > 1, top: 0, left: "center", textStyle: text, itemWidth: 14, itemHeight: 9 },
      // Rich text, because the page's security policy lets no style attributes through.
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, valueFormatter: (v) => (v == null ? "—" : write(v)), backgroundColor: colour("paper"), borderColor: colour("line"), textStyle: { color: colour("ink"), fontSize: 13 }, axisPointer: { type: bars ? "shadow" : "line" } },
      xAxis: { type: "category", data: rows.map((r) => r.querySelector("th").textContent), name: this.getAttribute("axis-x"), nameLocation: "middle", nameGap: 28, nameTextStyle: text, axisLabel: { ...text, hideOverlap: true }, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("edge") } } },
      yAxis: { type: "value", name: this.getAttribute("axis-y"), nameTextStyle: { ...text, align: "left" }, nameLocation: "end", nameGap: 12, axisLabel: { ...text, formatter: write }, splitLine: { lineStyle: { color: colour("chart-grid") } } },
      series: names.map((name, i) => ({
        name,
        type: bars ? "bar" : "line",
        stack: kind === "stack" ? "whole" : undefined,
        step: kind === "step" ? "end" : false,
        symbolSize: 7,
        symbol: ["emptyCircle", "emptyRect", "emptyTriangle", "emptyDiamond", "emptyCircle"][i % 5],
        lineStyle: { width: 2, type: ["solid", "dashed", "dotted"][i % 3] },
        barMaxWidth: 26,
        itemStyle: kind === "bar" ? { borderRadius: [2, 2, 0, 0] } : undefined,
        data: rows.map((r) => {
          const value = r.querySelectorAll("td")[i].dataset.value;
          return value ? Number(value) : null;
        }),
      })),
    }, true);
  }

  // Each row flows into each column: the same name on both sides is two nodes of one colour.
  flows(rows, names, write, colour) {
    const font = getComputedStyle(this).fontFamily;
    const labels = rows.map((r) => r.querySelector("th").textContent);
    const all = [...new Set([...labels, ...names])];
    const paint = (name) => colour("chart-" + (1 + (all.indexOf(name) % 5)));
    const node = (side, name) => ({ name: side + name, depth: side === "<" ? 0 : 1, itemStyle: { color: paint(name) }, label: { formatter: name, position: side === "<" ? "right" : "left" } });
    const links = rows.flatMap((r, i) => [...r.querySelectorAll("td")].map((td, k) => ({ source: "<" + labels[i], target: ">" + names[k], value: Number(td.dataset.value || 0) }))).filter((l) => l.value > 0);
    const used = new Set(links.flatMap((l) => [l.source, l.target]));
    this.chart.setOption({
      animation: false,
      textStyle: { fontFamily: font },
      tooltip: { trigger: "item", renderMode: "richText", confine: true, backgroundColor: colour("paper"), borderColor: colour("line"), textStyle: { color: colour("ink"), fontSize: 13 }, formatter: (p) => (p.dataType === "edge" ? `${p.data.source.slice(1)} → ${p.data.target.slice(1)}: ${write(p.data.value)}` : `${p.name.slice(1)}: ${write(p.value)}`) },
      series: [{
        type: "sankey", left: 4, right: 4, top: 8, bottom: 8, nodeWidth: 12, nodeGap: 10, layoutIterations: 0, draggable: false,
        emphasis: { focus: "adjacency" },
        lineStyle: { color: "source", opacity: 0.35, curveness: 0.5 },
        label: { color: colour("ink"), fontSize: 12, fontFamily: font },
        data: [...labels.map((n) => node("<", n)), ...names.map((n) => node(">", n))].filter((n) => used.has(n.name)),
        links,
      }],
    }, true);
  }
}

customElements.define("ex-chart", Chart);
