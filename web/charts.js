// A chart of charts.html becomes interactive when its reader asks: the drawing libraries, and the
// chart's specification, are loaded then and not before. Without scripts the page is the pictures
// and their tables. Nothing here makes code from text, so that the page's policy can forbid it.
'use strict';
(() => {
  const libraries = ['vega/vega.min.js', 'vega/vega-lite.min.js', 'vega/vega-embed.min.js'];
  const specifications = new Map();
  const loading = new Map();
  const narrowest = 480; // CSS pixels: below, the specification for phones is drawn

  // Called by charts/ID.js.
  globalThis.barometerChart = (id, wide, narrow) => specifications.set(id, { wide, narrow });

  function load(source) {
    if (!loading.has(source)) {
      loading.set(source, new Promise((done, failed) => {
        const script = document.createElement('script');
        script.src = source;
        script.onload = done;
        script.onerror = () => failed(new Error(`${source} cannot be loaded`));
        document.head.append(script);
      }));
    }
    return loading.get(source);
  }

  async function draw(id, place) {
    for (const library of libraries) await load(library); // each needs the one before
    await load(`charts/${id}.js`);
    const { wide, narrow } = specifications.get(id);
    const specification = place.parentElement.clientWidth < narrowest ? narrow : wide;
    await globalThis.vegaEmbed(place, specification, {
      mode: 'vega-lite', renderer: 'svg', actions: false, ast: true, defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
    });
  }

  function offer(figure) {
    const picture = figure.querySelector('picture');
    const place = document.createElement('div');
    place.className = 'live';
    place.hidden = true;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'explore';
    button.textContent = 'Explore this chart';
    button.setAttribute('aria-pressed', 'false');
    button.setAttribute('aria-describedby', `${figure.id}-title`);
    const message = document.createElement('p');
    message.setAttribute('role', 'status');
    picture.after(place);
    figure.prepend(button, message);
    let drawn = null;
    button.addEventListener('click', async () => {
      const wanted = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(wanted));
      try {
        if (wanted && drawn === null) drawn = draw(figure.dataset.chart, place);
        if (wanted) await drawn;
        message.textContent = wanted ? 'Point at a mark to read its figure and identity.' : '';
        const shown = button.getAttribute('aria-pressed') === 'true';
        place.hidden = !shown;
        picture.hidden = shown;
      } catch (error) {
        message.textContent = `The interactive chart cannot be shown: ${error.message}.`;
        button.setAttribute('aria-pressed', 'false');
        drawn = null;
      }
    });
  }

  for (const figure of document.querySelectorAll('figure[data-chart]')) offer(figure);
})();
