/**
 * Degrees on the screen. A county is small enough for a plane: longitude is
 * shortened by the cosine of the middle latitude, so that a metre is as long
 * across as it is up.
 */
export interface Degrees {
  lon: number;
  lat: number;
}

/** What is seen: the middle of the screen, and how many pixels a degree of latitude has. */
export interface Seen {
  middle: Degrees;
  scale: number;
  width: number;
  height: number;
}

/** Metres in a degree of latitude. */
const METRES = 111_320;
/** From a continent to a few metres across the screen. */
const SCALES = [5, 5_000_000] as const;

const shortened = (seen: Seen) => Math.cos((seen.middle.lat * Math.PI) / 180);
const within = (scale: number) => Math.min(SCALES[1], Math.max(SCALES[0], scale));

export function toScreen(seen: Seen, { lon, lat }: Degrees): { x: number; y: number } {
  return { x: seen.width / 2 + (lon - seen.middle.lon) * shortened(seen) * seen.scale, y: seen.height / 2 - (lat - seen.middle.lat) * seen.scale };
}

export function toDegrees(seen: Seen, x: number, y: number): Degrees {
  return { lon: seen.middle.lon + (x - seen.width / 2) / (shortened(seen) * seen.scale), lat: seen.middle.lat - (y - seen.height / 2) / seen.scale };
}

/** All of `places` with a margin; a single one with a kilometre around it. */
export function fit(places: Degrees[], width: number, height: number): Seen {
  if (places.length === 0) return { middle: { lon: 120, lat: 33 }, scale: 100, width, height };
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { lon, lat } of places) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  const middle = { lon: (west + east) / 2, lat: (south + north) / 2 };
  const least = 2_000 / METRES;
  const across = Math.max((east - west) * Math.cos((middle.lat * Math.PI) / 180), least);
  const up = Math.max(north - south, least);
  return { middle, scale: within(0.86 * Math.min(width / across, height / up)), width, height };
}

/** The south-west and the north-east corner of what holds all of `places`. */
export function corners(places: Degrees[]): [Degrees, Degrees] {
  const [low, high] = [{ lon: Infinity, lat: Infinity }, { lon: -Infinity, lat: -Infinity }];
  for (const { lon, lat } of places) {
    [low.lon, low.lat] = [Math.min(low.lon, lon), Math.min(low.lat, lat)];
    [high.lon, high.lat] = [Math.max(high.lon, lon), Math.max(high.lat, lat)];
  }
  return [low, high];
}

/** Wider than this, in degrees, an area is no village and no town. */
const WIDEST = 0.5;

/** The corners of the smallest area that holds each of `places`, by the areas' corners; of no more than a town. */
export function smallestAround(places: Degrees[], areas: [Degrees, Degrees][]): Degrees[] {
  const size = ([low, high]: [Degrees, Degrees]) => (high.lon - low.lon) * (high.lat - low.lat);
  const towns = areas.filter(([low, high]) => high.lon - low.lon <= WIDEST && high.lat - low.lat <= WIDEST);
  const smallestFirst = towns.sort((one, other) => size(one) - size(other));
  const found = new Set<[Degrees, Degrees]>();
  for (const { lon, lat } of places) {
    const around = smallestFirst.find(([low, high]) => lon >= low.lon && lon <= high.lon && lat >= low.lat && lat <= high.lat);
    if (around) found.add(around);
  }
  return [...found].flat();
}

/** Closer or farther, with the degrees under the pointer staying there. */
export function zoomed(seen: Seen, by: number, x: number, y: number): Seen {
  const under = toDegrees(seen, x, y);
  const scale = within(seen.scale * by);
  const nearer = { ...seen, scale };
  const moved = toDegrees(nearer, x, y);
  return { ...nearer, middle: { lon: seen.middle.lon + under.lon - moved.lon, lat: seen.middle.lat + under.lat - moved.lat } };
}

export function panned(seen: Seen, dx: number, dy: number): Seen {
  const middle = toDegrees(seen, seen.width / 2 - dx, seen.height / 2 - dy);
  return { ...seen, middle: { lon: middle.lon, lat: Math.max(-85, Math.min(85, middle.lat)) } };
}

/** A round length of at most `most` pixels: its metres and its pixels. */
export function scaleBar(seen: Seen, most: number): { metres: number; pixels: number } {
  const perPixel = METRES / seen.scale;
  const power = 10 ** Math.floor(Math.log10(perPixel * most));
  const metres = [5, 2, 1].map((digit) => digit * power).find((length) => length <= perPixel * most) ?? power;
  return { metres, pixels: metres / perPixel };
}
