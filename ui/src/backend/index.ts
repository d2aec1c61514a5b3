/**
 * The one door to the program behind the window. Everything that a screen can
 * ask for is a method here; how it is carried lies in `tauri.ts`, so that a
 * test can stand in for the laptop with a plain object.
 */
import { inject, type App, type InjectionKey } from "vue";

import type {
  AmountView,
  ApplicationSteps,
  AreaView,
  Asked,
  AttachmentView,
  AuditView,
  BoundaryView,
  BoundaryWishes,
  BundleTaken,
  BundleWishes,
  BundleWritten,
  CaseTried,
  Catalog,
  CompileStep,
  Compiled,
  ConflictView,
  Decision,
  Dossier,
  DossierWritten,
  Draft,
  Duplicate,
  Edit,
  Enrolled,
  ErrorView,
  EvaluationView,
  ExchangeEntry,
  ExportAsked,
  ExportTemplate,
  FindingView,
  Findings,
  FundAsked,
  FundBalances,
  FundChart,
  FundList,
  HistoryEntry,
  Hit,
  ImportAsked,
  ImportBatch,
  ImportReport,
  ImportTemplate,
  ImportUndone,
  Joined,
  MapPoint,
  MonthView,
  Moving,
  OnItsWay,
  Page,
  PastTried,
  PaymentDue,
  PhoneNews,
  PhoneView,
  PlaceFigures,
  PlaceFound,
  PracticePlaces,
  Prefilled,
  PreviewPage,
  ProgrammeChecked,
  ProgrammeView,
  Query,
  RefusedDraft,
  Reminder,
  SettlementView,
  Shown,
  Stage,
  Status,
  StickView,
  Sums,
  SyncReport,
  System,
  TakenIn,
  Transfers,
  UpdateView,
  Verified,
  VillageMoney,
  Whereabouts,
  WorksPhotos,
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

/** Long work: the name by which it is stopped, and who hears how many of how many are done. */
export interface Run {
  task: string;
  told: (done: number, of: number) => void;
}

/** The same for a package, which says what it is at. */
export interface CompileRun {
  task: string;
  told: (step: CompileStep) => void;
}

export interface Backend {
  stage(): Promise<Answer<Stage>>;
  enrol(given: { code: string; name: string; pin: string }): Promise<Answer<Enrolled>>;
  /** Writes the request of a laptop without a line; its recovery key. */
  askToEnrol(given: { code: string; name: string; pin: string }, file: string): Promise<Answer<Asked>>;
  /** Reads the district's reply to it, and the first records. */
  enrolByReply(pin: string, file: string, run: Run): Promise<Answer<Enrolled>>;
  /** At its own district, which does not know this laptop any more. */
  enrolAgain(code: string): Promise<Answer<Enrolled>>;
  /** The version of this program. */
  programVersion(): Promise<string>;
  /** What the district offers that is newer. */
  findUpdate(): Promise<Answer<UpdateView | null>>;
  /** Fetches it; stopped, it goes on from there the next time. */
  fetchUpdate(run: Run): Promise<Answer<UpdateView | null>>;
  /** Checks a release that lies in a file. */
  lookIntoRelease(file: string): Promise<Answer<UpdateView>>;
  /** Starts the program in a release once, puts it in the place of this one, and ends this one. */
  installUpdate(file: string): Promise<Answer<null>>;
  /** So many things wait for the person: on the program's icon, and in its title. */
  showWaiting(count: number, title: string): Promise<void>;
  /** The enrolment code in a picture of its QR code. */
  codeInPicture(name: string, bytes: Uint8Array): Promise<Answer<string>>;
  unlock(pin: string): Promise<Answer<Stage>>;
  /** Opens with the recovery key, and sets another PIN. */
  setPin(recoveryKey: string, pin: string): Promise<Answer<Stage>>;
  lock(): Promise<Answer<Stage>>;
  /** A new practice ledger in the place of what is open; `person` writes in it where nobody is enrolled. */
  practise(person: string): Promise<Answer<Stage>>;
  /** Removes the practice ledger; what was open before is open again. */
  endPractice(): Promise<Answer<Stage>>;
  practicePlaces(): Promise<Answer<PracticePlaces | null>>;
  catalog(): Promise<Answer<Catalog>>;

  list(query: Query): Promise<Answer<Page>>;
  /** What the number and money fields `of` come to over the whole list, whatever its page. */
  sums(query: Query, of: string[]): Promise<Answer<Sums>>;
  show(id: string): Promise<Answer<Shown>>;
  add(kind: string, fields: Fields): Promise<Answer<Shown>>;
  /** Writes only the given fields; `null` empties one. */
  set(id: string, fields: Fields): Promise<Answer<Shown>>;
  /** For each edit why it would be refused; nothing is written. */
  checkEdits(edits: Edit[]): Promise<Answer<(ErrorView | null)[]>>;
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

  /** What an import of the table would do, row by row; nothing is written. */
  checkImport(name: string, bytes: Uint8Array, asked: ImportAsked): Promise<Answer<ImportReport>>;
  /** Does what the check said, as one step that can be taken back; refused where the plan is another by now. */
  importTable(name: string, bytes: Uint8Array, asked: ImportAsked): Promise<Answer<ImportReport>>;
  importTemplates(): Promise<Answer<ImportTemplate[]>>;
  imports(): Promise<Answer<ImportBatch[]>>;
  undoImport(batch: string): Promise<Answer<ImportUndone>>;
  /** Writes every record of the kind to a table at `path`; how many rows it has. */
  exportTable(kind: string, path: string): Promise<Answer<number>>;
  exportTemplates(): Promise<Answer<ExportTemplate[]>>;
  /** The template as a file at `path`, to be edited in Excel or WPS. */
  takeExportTemplate(name: string, path: string): Promise<Answer<null>>;
  /** Keeps the xlsx at `path` as this laptop's own, under its file's name. */
  keepExportTemplate(path: string): Promise<Answer<ExportTemplate>>;
  /** Lets the laptop's own go; the program's of the same name counts again. */
  dropExportTemplate(name: string): Promise<Answer<null>>;
  /** Fills a template at `path`; how many records stand in its rows. */
  exportWith(asked: ExportAsked, path: string): Promise<Answer<number>>;
  /** Where a file of this name would go: the person's documents folder. */
  defaultPath(name: string): Promise<Answer<string>>;
  /** What a reviewer would find in an application today. */
  check(id: string): Promise<Answer<Findings>>;
  acceptOfApplication(id: string, key: string, remark: string): Promise<Answer<FindingView>>;
  applicationSteps(id: string): Promise<Answer<ApplicationSteps>>;
  /** Writes what the records say already; what a person edited or took out stays as it is. */
  prefill(id: string, outline: string | null): Promise<Answer<Prefilled>>;
  /** What an application comes to under its programme, today or on `asOf`. */
  amount(id: string, asOf: string | null): Promise<Answer<AmountView>>;
  /** One page of the volume as a `data:` URL, before anything is compiled. */
  preview(id: string, page: number): Promise<Answer<PreviewPage & { png: string }>>;
  compile(id: string, path: string, run: CompileRun): Promise<Answer<Compiled>>;
  settlement(id: string): Promise<Answer<SettlementView>>;
  beginSettlement(id: string): Promise<Answer<SettlementView>>;
  handInSettlement(id: string): Promise<Answer<SettlementView>>;
  selfEvaluation(id: string, year: number | null): Promise<Answer<EvaluationView>>;
  /** Its record, made where there is none; its id. */
  beginEvaluation(id: string, year: number | null): Promise<Answer<string>>;
  handInEvaluation(id: string, year: number | null): Promise<Answer<EvaluationView>>;

  /** The district's own, the newest version of each first, and those that ship. */
  programmes(): Promise<Answer<ProgrammeView[]>>;
  checkProgramme(text: string): Promise<Answer<ProgrammeChecked>>;
  /** What the text comes to for a case: a plain object of inputs. */
  tryProgramme(text: string, input: unknown): Promise<Answer<CaseTried>>;
  /** What past applications of the same programme would get; of every programme with `all`. */
  tryOnPast(text: string, all: boolean): Promise<Answer<PastTried[]>>;
  draftProgramme(text: string): Promise<Answer<ProgrammeView>>;
  publishProgramme(text: string, retire: boolean): Promise<Answer<ProgrammeView>>;

  fundList(asked: FundAsked): Promise<Answer<FundList>>;
  /** Of an application, a works or a contract; of everything without one. */
  fundBalances(of: string | null, asOf: string | null): Promise<Answer<FundBalances>>;
  paymentsDue(of: string | null, asOf: string | null): Promise<Answer<PaymentDue[]>>;
  /** Takes an entry back by a second one; both stand. */
  reverseFund(id: string, dated: string | null, note: string | null): Promise<Answer<Shown>>;
  fundChart(of: string | null): Promise<Answer<FundChart>>;
  moneyByYear(village: string): Promise<Answer<VillageMoney>>;
  verify(path: string): Promise<Answer<Verified>>;
  /** The same for a file that was dropped on the window, of any size. */
  verifyDropped(file: File): Promise<Answer<Verified>>;

  /** The pictures of a works by spot and phase. */
  worksPhotos(id: string): Promise<Answer<WorksPhotos>>;
  /** Files and folders by their paths into a set of a record, as many as there are. */
  takeIn(id: string, field: string, paths: string[], run: Run): Promise<Answer<TakenIn>>;
  /** What there is to ask about the photos of a works; of all of them without one. */
  findings(works: string | null): Promise<Answer<Findings>>;
  acceptFinding(key: string, works: string | null, remark: string): Promise<Answer<FindingView>>;
  reopenFinding(key: string): Promise<Answer<null>>;
  dossier(village: string): Promise<Answer<Dossier>>;
  /** A village's file: one PDF at `path`, or a folder below it. */
  writeDossier(village: string, path: string, pdf: boolean, day: string, run: Run): Promise<Answer<DossierWritten>>;
  mapPoints(): Promise<Answer<MapPoint[]>>;
  boundaries(): Promise<Answer<BoundaryView[]>>;
  boundaryAreas(id: string): Promise<Answer<AreaView[]>>;
  loadBoundary(path: string, wishes: BoundaryWishes): Promise<Answer<BoundaryView>>;
  /** The nearest village and the loaded areas around a position. */
  whereabouts(lon: number, lat: number, system: System): Promise<Answer<Whereabouts>>;
  /** Asks the long work of this name to stop. */
  stop(task: string): Promise<Answer<null>>;
  /** The figures of a village or township (code or id), or of the district by its six digits. */
  indicators(place: string, asOf: string | null): Promise<Answer<PlaceFigures>>;
  monthReport(month: string, township: string | null): Promise<Answer<MonthView>>;
  /** The report's record, made where there is none; its id. */
  beginMonthReport(month: string, township: string | null): Promise<Answer<string>>;
  handInMonthReport(month: string, township: string | null): Promise<Answer<MonthView>>;
  reminders(): Promise<Answer<Reminder[]>>;
  /** Works under way without progress or photo for so many days: how many, and at most `limit` of them. */
  standingStill(days: number, limit: number): Promise<Answer<Page>>;
  /** By characters of the name, by pinyin or by the beginning of the code; best first. */
  findPlace(query: string): Promise<Answer<PlaceFound[]>>;
  duplicates(): Promise<Answer<Duplicate[]>>;
  /** Says that two works are two, so that they are not offered again. */
  distinct(one: string, other: string): Promise<Answer<null>>;
  join(keep: string, other: string): Promise<Answer<Joined>>;
  unjoin(other: string): Promise<Answer<Shown>>;

  status(): Promise<Answer<Status>>;
  sync(): Promise<Answer<SyncReport>>;
  /** What a running exchange is doing; `null` while none runs. */
  moving(): Promise<Answer<Moving | null>>;
  /** Calls back whenever a running exchange has come further; returns how to stop hearing. */
  onMoving(heard: (moving: Moving | null) => void): Promise<() => void>;
  /** Nothing moves by itself while it is paused; one that runs is stopped. */
  pause(paused: boolean): Promise<Answer<Status>>;
  onItsWay(): Promise<Answer<OnItsWay>>;
  exchanges(): Promise<Answer<ExchangeEntry[]>>;
  sticks(): Promise<Answer<StickView[]>>;
  writeBundle(file: string, wishes: BundleWishes, run: Run): Promise<Answer<BundleWritten>>;
  readBundle(file: string, run: Run): Promise<Answer<BundleTaken>>;
  audit(): Promise<Answer<AuditView>>;
  /** Writes a text for whoever helps, without anything about people, places and money; how many bytes. */
  diagnose(file: string): Promise<Answer<number>>;
  /** Files that were opened from outside since the last time. */
  openedFiles(): Promise<Answer<string[]>>;
  /** Calls back when there are more of them; returns how to stop hearing. */
  onFilesOpened(heard: () => void): Promise<() => void>;
  /** Opens a door for a phone's photos of a record, and hears what comes; one that was open is shut. */
  openToPhone(id: string, field: string | null, heard: (news: PhoneNews) => void): Promise<Answer<PhoneView>>;
  shutPhone(): Promise<Answer<null>>;
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

  /** Asked whenever somebody closes the window, which stays open unless it may close. */
  onClosing(mayClose: () => Promise<boolean>): Promise<() => void>;
  /** Draws the whole window larger by this factor. */
  enlarge(factor: number): Promise<void>;

  /** The system's own dialogs; `null` when the person closed them. */
  chooseSavePath(suggested: string): Promise<string | null>;
  chooseOpenPath(extension: string): Promise<string | null>;
  chooseFolder(): Promise<string | null>;
  /** Any files; none when the person closed it. */
  chooseFiles(): Promise<string[]>;
  /** Calls back whenever records changed on this laptop; returns how to stop. */
  onRecordsChanged(heard: () => void): Promise<() => void>;
  /** The district has brought other forms and rules. */
  onRulesChanged(heard: () => void): Promise<() => void>;
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
