// Draws the charts of a page from their data blocks; the drawing library is fetched only where a chart is.
// Legend in HTML above the chart (no labels outside it); series differ by dash or pattern too, for grey print.
(function () {
  "use strict";
  const { say, onContent } = window.yingsheng;
  const COLOURS = ["#0f5ea8", "#c98a00", "#57606a", "#1a7f6b", "#8a4fbf", "#b3541e"];
  const DASHES = ["solid", "dashed", "dotted"];
  let library = null;
  const load = () => library ||= new Promise((done, fail) => {
    if (window.echarts) { done(window.echarts); return; }
    const script = document.createElement("script");
    script.src = document.body.dataset.echarts;
    script.addEventListener("load", () => done(window.echarts));
    script.addEventListener("error", fail);
    document.head.append(script);
  });

  const legend = (place, data) => {
    const entries = data.series.map((one, index) => [one.name, `is-${index % COLOURS.length}`]);
    if (data.target !== null && data.target !== undefined) entries.push([`${say("target")} ${data.target}${data.unit || ""}`, "is-target"]);
    place.replaceChildren(...entries.map(([name, style]) => {
      const entry = document.createElement("span"), sign = document.createElement("i");
      sign.className = style;
      entry.append(sign, name);
      return entry;
    }));
  };
  // Every bar has its name: broken over lines where words allow, slanted where there is no room for that.
  const named = (data, room) => {
    if (data.kind === "line") return { hideOverlap: true };
    const each = room / Math.max(1, data.labels.length);
    return each < 56 ? { interval: 0, rotate: 40 } : { interval: 0, width: each - 6, overflow: "break" };
  };
  const options = (data, room) => {
    const font = getComputedStyle(document.body).fontFamily;
    const series = data.series.map((one, index) => ({
      type: data.kind === "line" ? "line" : "bar",
      name: one.name,
      data: one.values,
      barMaxWidth: 36,
      symbolSize: 7,
      lineStyle: { width: 2, type: DASHES[index % DASHES.length] },
      // Labels of several lines would cover each other; the table beneath has the figures.
      label: { show: data.kind === "line" ? data.series.length === 1 : data.series.length * data.labels.length <= 24, position: "top", color: "#1f2328", fontSize: 12 },
    }));
    if (data.target !== null && data.target !== undefined) {
      series.push({ type: "line", data: data.labels.map(() => data.target), symbol: "none", silent: true, lineStyle: { color: "#ad1f14", width: 1.5, type: "dashed" } });
    }
    return {
      animation: false,
      color: COLOURS,
      textStyle: { fontFamily: font },
      grid: { left: 8, right: 12, top: 24, bottom: 4, containLabel: true },
      xAxis: { type: "category", data: data.labels, axisLabel: { color: "#57606a", fontSize: 12, ...named(data, room) }, axisTick: { show: false }, axisLine: { lineStyle: { color: "#8c959f" } } },
      yAxis: { type: "value", name: data.unit || "", nameTextStyle: { color: "#57606a" }, axisLabel: { color: "#57606a" }, splitLine: { lineStyle: { color: "#e6eaee" } } },
      series,
    };
  };
  onContent(async (root) => {
    for (const place of root.querySelectorAll("[data-chart]:not([data-ready])")) {
      place.dataset.ready = "1";
      const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
      const key = document.querySelector(`[data-chart-legend="${CSS.escape(place.dataset.chart)}"]`);
      if (key) legend(key, data);
      try {
        const echarts = await load();
        place.append(document.createElement("div"));
        const box = place.firstElementChild;
        box.className = "y-chart-canvas";
        const drawing = echarts.init(box, null, { renderer: "canvas" });
        drawing.setOption(options(data, box.clientWidth - 60));
        new ResizeObserver(() => { drawing.resize(); drawing.setOption(options(data, box.clientWidth - 60)); }).observe(place);
      } catch (error) {
        place.remove(); // the table beneath says the same
      }
    }
  });
})();
