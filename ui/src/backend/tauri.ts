/** The door as the desktop program carries it: one Tauri command for each method. */
import { invoke, type InvokeArgs, type InvokeOptions } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { open, save } from "@tauri-apps/plugin-dialog";

import type { Answer, Backend, ErrorView } from ".";

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

export const tauriBackend: Backend = {
  stage: () => ask("stage"),
  enrol: (given) => ask("enrol", given),
  unlock: (pin) => ask("unlock", { pin }),
  lock: () => ask("lock"),
  catalog: () => ask("catalog"),

  list: (query) => ask("list", { query }),
  show: (id) => ask("show", { id }),
  add: (kind, fields) => ask("add", { kind, fields }),
  set: (id, fields) => ask("set", { id, fields }),
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

  importTable: (kind, name, bytes, dryRun) =>
    ask("import_table", bytes, {
      headers: { "x-kind": kind, "x-name": encodeURIComponent(name), "x-dry-run": String(dryRun) },
    }),
  exportTable: (kind, path) => ask("export_table", { kind, path }),
  defaultPath: (name) => ask("default_path", { name }),
  compile: (id, path) => ask("compile", { id, path }),
  verify: (path) => ask("verify", { path }),

  status: () => ask("status"),
  sync: () => ask("sync"),
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

  chooseSavePath: (suggested) => save({ defaultPath: suggested }),
  chooseOpenPath: (extension) => open({ multiple: false, filters: [{ name: extension, extensions: [extension] }] }),
  onRecordsChanged: (heard) => listen("records-changed", heard),
};
