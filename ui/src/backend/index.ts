/**
 * The one door to the program behind the window. Everything that a screen can
 * ask for is a method here; how it is carried lies in `tauri.ts`, so that a
 * test can stand in for the laptop with a plain object.
 */
import { inject, type App, type InjectionKey } from "vue";

import type {
  AttachmentView,
  Catalog,
  Compiled,
  ConflictView,
  Decision,
  Draft,
  Enrolled,
  ErrorView,
  HistoryEntry,
  Hit,
  ImportReport,
  Page,
  Query,
  RefusedDraft,
  Shown,
  Stage,
  Status,
  SyncReport,
  Transfers,
  Verified,
} from "./types";

export type * from "./types";

/** A field's value as it crosses: JSON in the field type's one form; `null` is empty. */
// The forms differ by field type, and each control narrows its own.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Value = any;

/** Values by field name. */
export type Fields = Record<string, Value>;

/** What came of a question: the value, or the refusal with its code and blanks. */
export type Answer<T> = { ok: true; value: T } | { ok: false; error: ErrorView };

export interface Backend {
  stage(): Promise<Answer<Stage>>;
  enrol(given: { code: string; name: string; pin: string }): Promise<Answer<Enrolled>>;
  unlock(pin: string): Promise<Answer<Stage>>;
  lock(): Promise<Answer<Stage>>;
  catalog(): Promise<Answer<Catalog>>;

  list(query: Query): Promise<Answer<Page>>;
  show(id: string): Promise<Answer<Shown>>;
  add(kind: string, fields: Fields): Promise<Answer<Shown>>;
  /** Writes only the given fields; `null` empties one. */
  set(id: string, fields: Fields): Promise<Answer<Shown>>;
  remove(id: string): Promise<Answer<null>>;
  restore(id: string): Promise<Answer<Shown>>;
  /** The states that this person may move the record to. */
  moves(id: string): Promise<Answer<string[]>>;
  moveState(id: string, to: string, remark: string | null): Promise<Answer<Shown>>;
  history(id: string): Promise<Answer<HistoryEntry[]>>;
  search(text: string): Promise<Answer<Hit[]>>;

  attach(id: string, field: string, name: string, bytes: Uint8Array): Promise<Answer<Shown>>;
  attachments(id: string, field: string): Promise<Answer<AttachmentView[]>>;
  /** A `data:` URL of a JPEG of at most `edge` pixels. */
  thumbnail(sha256: string, edge: number): Promise<Answer<string>>;

  importTable(kind: string, name: string, bytes: Uint8Array, dryRun: boolean): Promise<Answer<ImportReport>>;
  /** Writes every record of the kind to a table at `path`; how many rows it has. */
  exportTable(kind: string, path: string): Promise<Answer<number>>;
  /** Where a file of this name would go: the person's documents folder. */
  defaultPath(name: string): Promise<Answer<string>>;
  compile(id: string, path: string): Promise<Answer<Compiled>>;
  verify(path: string): Promise<Answer<Verified>>;

  status(): Promise<Answer<Status>>;
  sync(): Promise<Answer<SyncReport>>;
  /** How original files move: whether at all, and how fast. */
  transfers(): Promise<Answer<Transfers>>;
  setTransfers(transfers: Transfers): Promise<Answer<Transfers>>;
  conflicts(): Promise<Answer<ConflictView[]>>;
  settle(id: string, decision: Decision): Promise<Answer<Shown>>;
  refused(): Promise<Answer<RefusedDraft[]>>;
  resend(change: string, fields: Fields): Promise<Answer<Shown>>;
  discard(change: string): Promise<Answer<null>>;

  /** What was typed into forms and not saved yet. A draft is no record: nobody else hears of it. */
  drafts(): Promise<Answer<Draft[]>>;
  /** In the place of the form's last draft. */
  keepDraft(name: string, fields: Fields): Promise<Answer<null>>;
  dropDraft(name: string): Promise<Answer<null>>;

  /** The system's own dialogs; `null` when the person closed them. */
  chooseSavePath(suggested: string): Promise<string | null>;
  chooseOpenPath(extension: string): Promise<string | null>;
  /** Calls back whenever records changed on this laptop; returns how to stop. */
  onRecordsChanged(heard: () => void): Promise<() => void>;
}

const door: InjectionKey<Backend> = Symbol("backend");

/** Makes `backend` the one that every component of `app` speaks to. */
export function provideBackend(app: Pick<App, "provide">, backend: Backend): void {
  app.provide(door, backend);
}

export function useBackend(): Backend {
  const backend = inject(door);
  if (!backend) throw new Error("no backend was provided to this app");
  return backend;
}

/** A refusal on its way through code that speaks in exceptions (queries). */
export class Refused extends Error {
  constructor(readonly view: ErrorView) {
    super(view.code);
  }
}

/** The answer's value; throws `Refused` otherwise. */
export function unwrap<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new Refused(answer.error);
}
