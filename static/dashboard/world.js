// Draws the map of countries. The atlas and what draws it are fetched when a map comes into sight, once.

import { drawAlso, fineness, look } from "./drawing.js";

const CLASSES = ["s4", "s3", "s2", "s1"]; // from few to many
const drawn = new Map(); // card id → chart
let world; // a promise of the countries' shapes
let shapes; // and these, once they have come

function script(address) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    Object.assign(element, { src: address, onload: resolve, onerror: reject });
    document.head.append(element);
  });
}

async function fetchWorld({ script: address, atlas }) {
  const [shapes] = await Promise.all([fetch(atlas).then((reply) => reply.json()), script(address)]);
  return ChartGeo.topojson.feature(shapes, shapes.objects.countries).features
    .filter((country) => country.properties.name !== "Antarctica");
}

// A country has its class by the square root of its share: one large country does not make all others alike.
const classOf = (share) => CLASSES[Math.min(CLASSES.length - 1, Math.floor(Math.sqrt(share) * CLASSES.length))];

function config(features, { countries }, paint) {
  const known = (feature) => countries[feature.id ?? feature.properties.name];
  return {
    type: "choropleth",
    data: {
      labels: features.map((feature) => feature.properties.name),
      datasets: [{
        outline: features, // what fills the place: the land, and not the globe
        data: features.map((feature) => ({ feature, value: known(feature)?.[0] ?? null })),
        borderColor: paint.paper, borderWidth: 0.5, hoverBorderColor: paint.ink,
      }],
    },
    options: {
      animation: false, devicePixelRatio: fineness(), maintainAspectRatio: false, showOutline: false, showGraticule: false,
      plugins: {
        legend: { display: false },
        tooltip: {
          backgroundColor: paint.ink, titleColor: paint.paper, bodyColor: paint.paper, displayColors: false, padding: 10, cornerRadius: 8,
          filter: (at) => known(at.raw.feature) !== undefined,
          callbacks: { label: (at) => known(at.raw.feature).slice(1).reverse().join("   ") },
        },
      },
      scales: {
        projection: { axis: "x", projection: "equalEarth" },
        color: { axis: "x", display: false, missing: paint.s6, min: 0, interpolate: (share) => paint[classOf(share)] },
      },
    },
  };
}

async function paintMap(place, data) {
  try {
    world ??= fetchWorld(place.dataset);
    shapes = await world;
    put(place, data);
  } catch {
    world = undefined; // the list below says the same
    place.hidden = true;
  }
}

function put(place, data) {
  drawn.get(place.dataset.map)?.destroy();
  const canvas = document.createElement("canvas");
  place.replaceChildren(canvas);
  drawn.set(place.dataset.map, new Chart(canvas, config(shapes, data, look())));
}

let waiting = new Map(); // place → its data
const eye = new IntersectionObserver((seen) => {
  for (const { target } of seen.filter((entry) => entry.isIntersecting)) {
    eye.unobserve(target);
    paintMap(target, waiting.get(target));
  }
}, { rootMargin: "100px" });

// Draws the maps that are there and not drawn, as soon as they are seen. `force` draws anew what is drawn, and
// at once: a print does not wait.
function drawMaps(charts, force = false) {
  for (const place of document.querySelectorAll("[data-map]")) {
    const data = charts[place.dataset.map];
    if (!data || (waiting.has(place) && !force)) continue;
    waiting.set(place, data);
    if (place.firstChild && !place.closest("[hidden]")) put(place, data);
    else eye.observe(place);
  }
}

drawAlso(drawMaps);

// Draws those that could be seen by scrolling, and says when they are there.
export function drawAllMaps(charts) {
  const places = [...document.querySelectorAll("[data-map]:empty")].filter((place) => !place.closest("[hidden]"));
  return Promise.all(places.map((place) => paintMap(place, charts[place.dataset.map])));
}
