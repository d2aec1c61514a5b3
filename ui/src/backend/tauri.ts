/** The door as the desktop program carries it: one Tauri command for each method. */
import { Channel, invoke, type InvokeArgs, type InvokeOptions } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { getCurrentWindow } from "@tauri-apps/api/window";
import { open, save } from "@tauri-apps/plugin-dialog";

import type { Answer, Backend, CompileStep, ErrorView, ImportAsked, Moving, PhoneNews, Run } from ".";

/** Whatever a command rejects with, as a code: what is no refusal is a fault of the program. */
export function toErrorView(thrown: unknown): ErrorView {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && typeof thrown.code === "string") {
    const fields = "fields" in thrown && typeof thrown.fields === "object" ? thrown.fields : null;
    return { code: thrown.code, fields: (fields ?? {}) as ErrorView["fields"] };
  }
  return { code: "internal", fields: { reason: String(thrown) } };
}

async function ask<T>(command: string, args?: InvokeArgs, options?: InvokeOptions): Promise<Answer<T>> {
  try {
    return { ok: true, value: await invoke<T>(command, args, options) };
  } catch (thrown) {
    return { ok: false, error: toErrorView(thrown) };
  }
}

/** A dropped file crosses in pieces of so many bytes. */
const PIECE = 4 << 20;

function channel(run: Run): Channel<[number, number]> {
  const told = new Channel<[number, number]>();
  told.onmessage = ([done, of]) => run.told(done, of);
  return told;
}

/** What goes with a table's bytes. Header values are bytes of ASCII, so that text goes percent-encoded. */
const tableHeaders = (name: string, asked: ImportAsked, check: boolean) => ({
  "x-name": encodeURIComponent(name),
  "x-asked": encodeURIComponent(JSON.stringify(asked)),
  "x-check": String(check),
});

export const tauriBackend: Backend = {
  stage: () => ask("stage"),
  enrol: (given) => ask("enrol", given),
  askToEnrol: (given, file) => ask("ask_to_enrol", { ...given, file }),
  enrolByReply: (pin, file, run) => ask("enrol_by_reply", { pin, file, task: run.task, told: channel(run) }),
  enrolAgain: (code) => ask("enrol_again", { code }),
  programVersion: () => invoke("program_version"),
  findUpdate: () => ask("find_update"),
  fetchUpdate: (run) => ask("fetch_update", { task: run.task, told: channel(run) }),
  lookIntoRelease: (file) => ask("look_into_release", { file }),
  installUpdate: (file) => ask("install_update", { file }),
  showWaiting: (count, title) => invoke("show_waiting", { count, title }),
  codeInPicture: (name, bytes) => ask("code_in_picture", bytes, { headers: { "x-name": encodeURIComponent(name) } }),
  unlock: (pin) => ask("unlock", { pin }),
  setPin: (recoveryKey, pin) => ask("set_pin", { recoveryKey, pin }),
  lock: () => ask("lock"),
  practise: (person) => ask("practise", { person }),
  endPractice: () => ask("end_practice"),
  practicePlaces: () => ask("practice_places"),
  catalog: () => ask("catalog"),

  list: (query) => ask("list", { query }),
  sums: (query, of) => ask("sums", { query, of }),
  show: (id) => ask("show", { id }),
  add: (kind, fields) => ask("add", { kind, fields }),
  set: (id, fields) => ask("set", { id, fields }),
  checkEdits: (edits) => ask("check_edits", { edits }),
  remove: (id) => ask("remove", { id }),
  restore: (id) => ask("restore", { id }),
  moves: (id) => ask("moves", { id }),
  moveState: (id, to, remark) => ask("move_state", { id, to, remark }),
  history: (id) => ask("history", { id }),
  search: (text) => ask("search", { text }),

  // Bytes go as the raw body; JSON would make three bytes and more of each.
  attach: (id, field, name, bytes) =>
    ask("attach", bytes, { headers: { "x-record": id, "x-field": field, "x-name": encodeURIComponent(name) } }),
  attachments: (id, field) => ask("attachments", { id, field }),
  thumbnail: (sha256, edge) => ask("thumbnail", { sha256, edge }),

  checkImport: (name, bytes, asked) => ask("import_table", bytes, { headers: tableHeaders(name, asked, true) }),
  importTable: (name, bytes, asked) => ask("import_table", bytes, { headers: tableHeaders(name, asked, false) }),
  importTemplates: () => ask("import_templates"),
  imports: () => ask("imports"),
  undoImport: (batch) => ask("undo_import", { batch }),
  exportTable: (kind, path) => ask("export_table", { kind, path }),
  exportTemplates: () => ask("export_templates"),
  takeExportTemplate: (name, path) => ask("take_export_template", { name, path }),
  keepExportTemplate: (path) => ask("keep_export_template", { path }),
  dropExportTemplate: (name) => ask("drop_export_template", { name }),
  exportWith: (asked, path) => ask("export_with", { asked, path }),
  defaultPath: (name) => ask("default_path", { name }),
  check: (id) => ask("check", { id }),
  acceptOfApplication: (id, key, remark) => ask("accept_of_application", { id, key, remark }),
  applicationSteps: (id) => ask("application_steps", { id }),
  prefill: (id, outline) => ask("prefill", { id, outline }),
  amount: (id, asOf) => ask("amount", { id, asOf }),
  preview: (id, page) => ask("preview", { id, page }),
  compile: (id, path, run) => {
    const told = new Channel<CompileStep>();
    told.onmessage = run.told;
    return ask("compile", { id, path, task: run.task, told });
  },
  settlement: (id) => ask("settlement", { id }),
  beginSettlement: (id) => ask("begin_settlement", { id }),
  handInSettlement: (id) => ask("hand_in_settlement", { id }),
  selfEvaluation: (id, year) => ask("self_evaluation", { id, year }),
  beginEvaluation: (id, year) => ask("begin_evaluation", { id, year }),
  handInEvaluation: (id, year) => ask("hand_in_evaluation", { id, year }),

  programmes: () => ask("programmes"),
  checkProgramme: (text) => ask("check_programme", { text }),
  tryProgramme: (text, input) => ask("try_programme", { text, case: input }),
  tryOnPast: (text, all) => ask("try_on_past", { text, all }),
  draftProgramme: (text) => ask("draft_programme", { text }),
  publishProgramme: (text, retire) => ask("publish_programme", { text, retire }),

  fundList: (asked) => ask("fund_list", { asked }),
  fundBalances: (of, asOf) => ask("fund_balances", { of, asOf }),
  paymentsDue: (of, asOf) => ask("payments_due", { of, asOf }),
  reverseFund: (id, dated, note) => ask("reverse_fund", { id, dated, note }),
  fundChart: (of) => ask("fund_chart", { of }),
  moneyByYear: (village) => ask("money_by_year", { village }),
  verify: (path) => ask("verify", { path }),
  verifyDropped: async (file) => {
    const name = crypto.randomUUID();
    for (let from = 0; from === 0 || from < file.size; from += PIECE) {
      const piece = new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer());
      const put = await ask<null>("put_aside", piece, { headers: { "x-name": name, "x-first": String(from === 0) } });
      if (!put.ok) return put;
    }
    return ask("verify_put_aside", { name });
  },

  worksPhotos: (id) => ask("works_photos", { id }),
  takeIn: (id, field, paths, run) => ask("take_in", { id, field, paths, task: run.task, told: channel(run) }),
  findings: (works) => ask("findings", { works }),
  acceptFinding: (key, works, remark) => ask("accept_finding", { key, works, remark }),
  reopenFinding: (key) => ask("reopen_finding", { key }),
  dossier: (village) => ask("dossier", { village }),
  writeDossier: (village, path, pdf, day, run) => ask("write_dossier", { village, path, pdf, day, task: run.task, told: channel(run) }),
  mapPoints: () => ask("map_points"),
  boundaries: () => ask("boundaries"),
  boundaryAreas: (id) => ask("boundary_areas", { id }),
  loadBoundary: (path, wishes) => ask("load_boundary", { path, wishes }),
  whereabouts: (lon, lat, system) => ask("whereabouts", { lon, lat, system }),
  stop: (task) => ask("stop", { task }),
  indicators: (place, asOf) => ask("indicators", { place, asOf }),
  monthReport: (month, township) => ask("month_report", { month, township }),
  beginMonthReport: (month, township) => ask("begin_month_report", { month, township }),
  handInMonthReport: (month, township) => ask("hand_in_month_report", { month, township }),
  reminders: () => ask("reminders"),
  standingStill: (days, limit) => ask("standing_still", { days, limit }),
  findPlace: (query) => ask("find_place", { query }),
  duplicates: () => ask("duplicates"),
  distinct: (one, other) => ask("distinct", { one, other }),
  join: (keep, other) => ask("join", { keep, other }),
  unjoin: (other) => ask("unjoin", { other }),

  status: () => ask("status"),
  sync: () => ask("sync"),
  moving: () => ask("moving"),
  onMoving: (heard) => listen<Moving | null>("exchange", ({ payload }) => heard(payload)),
  pause: (paused) => ask("pause", { paused }),
  onItsWay: () => ask("on_its_way"),
  exchanges: () => ask("exchanges"),
  sticks: () => ask("sticks"),
  writeBundle: (file, wishes, run) => ask("write_bundle", { file, wishes, task: run.task, told: channel(run) }),
  readBundle: (file, run) => ask("read_bundle", { file, task: run.task, told: channel(run) }),
  audit: () => ask("audit"),
  diagnose: (file) => ask("diagnose", { file }),
  openedFiles: () => ask("opened_files"),
  onFilesOpened: (heard) => listen("files-opened", heard),
  openToPhone: (id, field, heard) => {
    const told = new Channel<PhoneNews>();
    told.onmessage = heard;
    return ask("open_to_phone", { id, field, told });
  },
  shutPhone: () => ask("shut_phone"),
  transfers: () => ask("transfers"),
  setTransfers: (transfers) => ask("set_transfers", { transfers }),
  conflicts: () => ask("conflicts"),
  settle: (id, decision) => ask("settle", { id, decision }),
  refused: () => ask("refused"),
  resend: (change, fields) => ask("resend", { change, fields }),
  discard: (change) => ask("discard", { change }),

  drafts: () => ask("drafts"),
  keepDraft: (name, fields) => ask("keep_draft", { name, fields }),
  dropDraft: (name) => ask("drop_draft", { name }),

  onClosing: (mayClose) =>
    getCurrentWindow().onCloseRequested(async (asked) => {
      // A window that cannot ask can still be closed.
      if (!(await mayClose().catch(() => true))) asked.preventDefault();
    }),
  enlarge: (factor) => getCurrentWebview().setZoom(factor),

  chooseSavePath: (suggested) => save({ defaultPath: suggested }),
  chooseOpenPath: (extension) => open({ multiple: false, filters: [{ name: extension, extensions: [extension] }] }),
  chooseFolder: () => open({ directory: true }),
  chooseFiles: async () => (await open({ multiple: true })) ?? [],
  onRecordsChanged: (heard) => listen("records-changed", heard),
  onRulesChanged: (heard) => listen("rules-changed", heard),
};
