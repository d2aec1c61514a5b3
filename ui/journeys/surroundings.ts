/** What the journeys find around them: programs, pages, samples, and where results go. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const top = join(here, "../..");

/** The built programs. */
export const PROGRAMS = process.env.NONGHUAN_PROGRAMS ?? join(process.env.CARGO_TARGET_DIR ?? join(top, "target"), "debug");
/** The built pages. */
export const PAGES = join(top, "ui/dist");
/** Pictures of every screen, and traces of what failed. */
export const RESULTS = process.env.NONGHUAN_RESULTS ?? join(PROGRAMS, "../journeys");
/** The smallest laptop that the officials have. */
export const NOTEBOOK = { width: 1366, height: 768 };

/** A file of the sample district. */
export const sample = (file: string) => join(top, "samples/tinghu", file);
