/**
 * The catalog on the screen: which kinds there are, what their fields are
 * called, what a state locks and asks for. The rules are the program's own
 * (`domain::rules`); here they only save a person a round trip.
 */
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";

import { unwrap, useBackend, type Catalog, type Field, type Kind, type Section, type Shown, type Value, type When } from "@/backend";

import { useLanguage } from "./language";

/** The pseudo-fields of changes: the lifecycle and the deletion. */
export const STATE = "@state";
export const DELETED = "@deleted";

const NONE: Catalog = { kinds: [], roles: [], indicators: [], thresholds: [], clocks: [], standards: [], gradings: [], norms: [], exclusions: [], weightings: [], holidays: [] };

export function useCatalog() {
  const backend = useBackend();
  const { label, t } = useLanguage();
  const { data } = useQuery({
    queryKey: ["catalog"],
    queryFn: async () => unwrap(await backend.catalog()),
    staleTime: Infinity,
  });
  const catalog = computed<Catalog>(() => data.value ?? NONE);

  const findKind = (name: string): Kind | undefined => catalog.value.kinds.find((kind) => kind.kind === name);
  const findField = (kind: string, name: string): Field | undefined =>
    findKind(kind)?.field.find((field) => field.name === name);

  /** A kind's name on the screen; a newer peer's kind keeps its own. */
  const kindLabel = (name: string): string => {
    const kind = findKind(name);
    return kind ? label(kind.label) : name;
  };
  const fieldLabel = (kind: string, name: string): string => {
    if (name === STATE) return t("shared.state");
    if (name === DELETED) return t("shared.deletion");
    const field = findField(kind, name);
    return field ? label(field.label) : name;
  };
  const stateLabel = (kind: string, name: string | null): string => {
    const state = findKind(kind)?.state.find((one) => one.name === name);
    return state ? label(state.label) : (name ?? "");
  };
  const roleLabel = (name: string): string => {
    const role = catalog.value.roles.find((one) => one.name === name);
    return role ? label(role.label) : name;
  };
  const mayWrite = (role: string, kind: string): boolean =>
    catalog.value.roles.some((one) => one.name === role && one.writes.some((name) => name === "*" || name === kind));

  return { catalog, loaded: computed(() => data.value !== undefined), findKind, findField, kindLabel, fieldLabel, stateLabel, roleLabel, mayWrite };
}

/** What heads a record on the screen. */
export function titleOf(kind: Kind | undefined, record: Shown): string {
  const title = kind ? record.fields[kind.title] : undefined;
  return typeof title === "string" && title ? title : record.id.slice(0, 8);
}

/** Whether records of `kind` are held fast by the record above them, while that stands in `state`. */
export function isHeldBy(kind: Kind | undefined, above: string, state: string | null): boolean {
  const names = (field: string) => kind?.field.some((one) => one.name === field && one.to === above);
  return Boolean(state && kind?.lock.some((lock) => names(lock.with) && lock.states.includes(state)));
}

/** Whether a record in `state` must have `field` filled. */
export function isRequired(kind: Kind, field: Field, state: string | null): boolean {
  if (typeof field.required === "boolean") return field.required;
  const place = (name: string) => kind.state.findIndex((one) => one.name === name);
  const from = place(field.required.from);
  const at = state === null ? -1 : place(state);
  return at >= 0 && from >= 0 && at >= from && !kind.state[at].aside;
}

/** Whether `field` belongs to a record with these values: a works has the block of its category and of no other. */
export function applies(kind: Kind, field: Field, valueOf: (name: string) => Value): boolean {
  const section = kind.section.find((one) => one.name === field.section);
  const holds = (when: When | null | undefined): boolean => !when || when.is.includes(String(valueOf(when.field) ?? ""));
  return holds(section?.when) && holds(field.when);
}

/** A heading and what stands under it; what has no heading comes first. */
export interface Part {
  section: Section | null;
  fields: Field[];
}

/** The parts of a form in order, without the empty ones. */
export function partsOf(kind: Kind, fields: Field[]): Part[] {
  const known = new Set(kind.section.map((one) => one.name));
  const top = fields.filter((field) => !field.section || !known.has(field.section));
  const under = kind.section.map((section) => ({ section, fields: fields.filter((field) => field.section === section.name) }));
  return [{ section: null, fields: top }, ...under].filter((part) => part.fields.length > 0);
}

/** Whether the state of the record keeps `field` from being edited. */
export function isLocked(kind: Kind, field: string, state: string | null): boolean {
  const locks = kind.state.find((one) => one.name === state)?.locks ?? [];
  return locks.includes("*") || locks.includes(field);
}

/**
 * The states to draw as a line: side exits and ways back are left out, unless
 * the record stands there now.
 */
export function stateLine(kind: Kind, current: string | null): Kind["state"] {
  return kind.state.filter((state, at) => {
    const leadsBack = kind.state.slice(0, at).some((earlier) => earlier.from.includes(state.name));
    return state.name === current || (!state.aside && !leadsBack);
  });
}
