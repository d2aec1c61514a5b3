/** The steps of an application: which fields stand in which, and to which step a finding leads. */
import type { FindingView, Kind } from "@/backend";

export const STEPS = ["project", "works", "estimate", "money", "targets", "plan", "documents", "remarks", "check", "package", "running"] as const;
export type Step = (typeof STEPS)[number];

/** Sections of the application's form by step; fields without a section are the project's. */
const SECTIONS: Record<string, Step> = { where: "works", schedule: "project", funding: "money", effects: "targets", upkeep: "project", library: "running", evidence: "project" };
/** Steps by the kinds of the records that stand in them. */
const KINDS: Record<string, Step> = { estimate_line: "estimate", target: "targets", chapter: "plan", document: "documents", opinion: "remarks", review_remark: "remarks", fund_entry: "running", settlement: "running", evaluation: "running" };
/** What has a step of its own by now: papers with their scans. */
const ELSEWHERE = ["files"];

export function fieldsOf(kind: Kind, step: Step): string[] {
  const here = (section: string | null) => (section ? (SECTIONS[section] ?? "project") : "project");
  return kind.field.filter((field) => !ELSEWHERE.includes(field.name) && here(field.section) === step).map((field) => field.name);
}

export function stepOfField(kind: Kind, name: string): Step | null {
  return STEPS.find((step) => fieldsOf(kind, step).includes(name)) ?? null;
}

/** Where in the application a finding is mended; `null` when it is mended on another record's page. */
export function stepOf(kind: Kind, { mend }: FindingView): Step | null {
  if (!mend) return null;
  if (mend.make) return KINDS[mend.make] ?? null;
  if (mend.kind === "application") return mend.field ? stepOfField(kind, mend.field) : null;
  return KINDS[mend.kind] ?? null;
}

/** Findings that nobody has accepted, the blocking ones first. */
export function openOnes(findings: FindingView[]): FindingView[] {
  const open = findings.filter((one) => !one.accepted);
  return [...open.filter((one) => one.severity === "block"), ...open.filter((one) => one.severity === "warn")];
}

export interface Count {
  block: number;
  warn: number;
}

export function countOf(findings: FindingView[]): Count {
  const open = findings.filter((one) => !one.accepted);
  const block = open.filter((one) => one.severity === "block").length;
  return { block, warn: open.length - block };
}

/** What is open, by step. */
export function openByStep(kind: Kind, findings: FindingView[]): Partial<Record<Step, Count>> {
  return Object.fromEntries(STEPS.map((step) => [step, countOf(findings.filter((one) => stepOf(kind, one) === step))]));
}
