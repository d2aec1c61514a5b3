import { describe, expect, it } from "vitest";

import { corners, fit, panned, scaleBar, smallestAround, toDegrees, toScreen, zoomed } from "./projection";

const villages = [
  { lon: 120.35, lat: 33.45 },
  { lon: 120.41, lat: 33.52 },
];
const seen = fit(villages, 900, 600);

describe("the map's plane", () => {
  it("holds every place, and as long across as up", () => {
    for (const { x, y } of villages.map((one) => toScreen(seen, one))) {
      expect(x > 0 && x < 900 && y > 0 && y < 600, `${x}, ${y} is on the screen`).toBe(true);
    }
    const east = toScreen(seen, { lon: seen.middle.lon + 0.01 / Math.cos((seen.middle.lat * Math.PI) / 180), lat: seen.middle.lat }).x - 450;
    const north = 300 - toScreen(seen, { lon: seen.middle.lon, lat: seen.middle.lat + 0.01 }).y;
    expect(east).toBeCloseTo(north, 6);
  });
  it("shows the village's outline with its points, and not the whole province", () => {
    const around = (lon: number, lat: number, by: number) => corners([{ lon: lon - by, lat: lat - by }, { lon: lon + by, lat: lat + by }]);
    const [village, province, elsewhere] = [around(120.35, 33.45, 0.02), around(119, 33, 3), around(121.2, 33.45, 0.02)];
    expect(smallestAround([villages[0]], [province, elsewhere, village])).toEqual(village);
    expect(smallestAround([villages[1]], [province, village]), "what only the province holds has nothing around it").toEqual([]);
    expect(smallestAround(villages, [])).toEqual([]);
  });
  it("finds the degrees under a pixel again", () => {
    const { x, y } = toScreen(seen, villages[0]);
    const back = toDegrees(seen, x, y);
    expect(back.lon).toBeCloseTo(120.35, 9);
    expect(back.lat).toBeCloseTo(33.45, 9);
  });
  it("zooms around the pointer: what lies under it stays", () => {
    const before = toDegrees(seen, 200, 150);
    const after = toDegrees(zoomed(seen, 2, 200, 150), 200, 150);
    expect(after.lon).toBeCloseTo(before.lon, 5);
    expect(after.lat).toBeCloseTo(before.lat, 5);
  });
  it("follows the hand", () => {
    const was = toScreen(seen, villages[1]);
    const is = toScreen(panned(seen, 40, -25), villages[1]);
    expect(is.x - was.x).toBeCloseTo(40, 0);
    expect(is.y - was.y).toBeCloseTo(-25, 0);
  });
  it("measures in round lengths that fit", () => {
    const bar = scaleBar(seen, 120);
    expect(String(bar.metres)).toMatch(/^[125]0*$/);
    expect(bar.pixels).toBeLessThanOrEqual(120);
    expect(bar.pixels).toBeGreaterThan(40);
  });
  it("shows one place with something around it", () => {
    const one = fit([villages[0]], 900, 600);
    expect(scaleBar(one, 120).metres).toBeGreaterThanOrEqual(100);
  });
});
