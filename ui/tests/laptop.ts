/**
 * A laptop for tests: records in memory behind the same door as the program.
 * It knows no rules; a test says what is refused.
 */
import type { Answer, Backend, Catalog, Draft, ErrorView, Field, Fields, Kind, Shown, Status } from "@/backend";

export function field(name: string, type: Field["type"], more: Partial<Field> = {}): Field {
  return {
    name,
    type,
    label: { zh: `${name}的中文`, en: `${name} in English` },
    group: null,
    unit: null,
    required: false,
    min: null,
    max: null,
    choices: [],
    to: null,
    by: null,
    digits: null,
    from_code: null,
    place_code: false,
    section: null,
    when: null,
    hidden: false,
    given: false,
    concealed: null,
    long: false,
    aliases: [],
    help: null,
    source: null,
    ...more,
  };
}

export function kind(name: string, fields: Field[], more: Partial<Kind> = {}): Kind {
  return {
    kind: name,
    label: { zh: `${name}类`, en: `${name} kind` },
    title: fields[0].name,
    key: null,
    number: null,
    scope: "laptop",
    state: [],
    section: [],
    append_only: false,
    lock: [],
    field: fields,
    list: fields.map((one) => one.name),
    search: [],
    source: "",
    ...more,
  };
}

export function shown(kindName: string, fields: Fields, more: Partial<Shown> = {}): Shown {
  return { id: "r1", kind: kindName, scope: "320902103", state: null, fields, sync: "district", deleted: false, conflicts: [], names: {}, ...more };
}

const QUIET: Status = {
  scopes: [],
  pending: 0,
  sending: 0,
  conflicts: 0,
  refused: 0,
  attachments: { files: 0, bytes: 0 },
  lastContact: null,
  person: "李明",
  role: "clerk",
  letter: "A",
  district: "",
  clockSkew: null,
  paused: false,
};

const ok = <T>(value: T): Promise<Answer<T>> => Promise.resolve({ ok: true, value });
export const no = (code: string, fields: ErrorView["fields"] = {}): Promise<Answer<never>> => Promise.resolve({ ok: false, error: { code, fields } });

/** A door that answers from `records`; `own` replaces single answers. */
export function laptop(kinds: Kind[], records: Shown[] = [], own: Partial<Backend> = {}): Backend {
  const roles = [{ name: "clerk", label: { zh: "填报", en: "Clerk" }, writes: ["*"] }];
  const catalog: Catalog = { kinds, roles, indicators: [], thresholds: [], clocks: [], standards: [], gradings: [], norms: [], exclusions: [], weightings: [], holidays: [] };
  const find = (id: string) => records.find((record) => record.id === id);
  const drafts = new Map<string, Draft>();
  const nothing = () => no("notInThisTest");
  return {
    stage: () => ok({ stage: "open", person: "李明", role: "clerk", scopes: ["320902103"], practice: false }),
    enrol: nothing,
    askToEnrol: nothing,
    enrolByReply: nothing,
    enrolAgain: nothing,
    programVersion: () => Promise.resolve("0.1.0"),
    findUpdate: () => ok(null),
    fetchUpdate: () => ok(null),
    lookIntoRelease: nothing,
    installUpdate: nothing,
    showWaiting: () => Promise.resolve(),
    codeInPicture: nothing,
    unlock: nothing,
    setPin: nothing,
    lock: nothing,
    practise: nothing,
    endPractice: nothing,
    practicePlaces: () => ok(null),
    catalog: () => ok(catalog),
    list: (query) => {
      const of = records.filter((record) => record.kind === query.kind);
      return ok({ total: of.length, records: of });
    },
    sums: (query) => ok({ count: records.filter((record) => record.kind === query.kind).length, fields: {} }),
    show: (id) => {
      const record = find(id);
      return record ? ok(record) : no("unknownRecord", { record: id });
    },
    add: (name, fields) => ok(shown(name, fields, { id: "new" })),
    set: (id, fields) => {
      const record = find(id)!;
      Object.assign(record.fields, fields);
      return ok({ ...record });
    },
    checkEdits: (edits) => ok(edits.map(() => null)),
    remove: () => ok(null),
    restore: (id) => ok(find(id)!),
    moves: () => ok([]),
    moveState: (id, to) => ok({ ...find(id)!, state: to }),
    history: () => ok([]),
    search: () => ok([]),
    attach: (id) => ok(find(id)!),
    attachments: () => ok([]),
    thumbnail: () => ok("data:image/jpeg;base64,"),
    checkImport: nothing,
    importTable: nothing,
    importTemplates: () => ok([]),
    imports: () => ok([]),
    undoImport: nothing,
    exportTemplates: () => ok([]),
    takeExportTemplate: () => ok(null),
    keepExportTemplate: (path) => ok({ name: path, path, about: null }),
    dropExportTemplate: () => ok(null),
    exportWith: () => ok(0),
    worksPhotos: (id) => ok({ works: id, spots: [], others: [] }),
    takeIn: nothing,
    findings: () => ok({ findings: [], unseen: 0 }),
    acceptFinding: nothing,
    reopenFinding: () => ok(null),
    dossier: nothing,
    writeDossier: nothing,
    mapPoints: () => ok([]),
    boundaries: () => ok([]),
    boundaryAreas: () => ok([]),
    loadBoundary: nothing,
    whereabouts: nothing,
    stop: () => ok(null),
    indicators: nothing,
    monthReport: nothing,
    beginMonthReport: nothing,
    handInMonthReport: nothing,
    reminders: () => ok([]),
    standingStill: () => ok({ total: 0, records: [] }),
    findPlace: () => ok([]),
    duplicates: () => ok([]),
    distinct: () => ok(null),
    join: nothing,
    unjoin: nothing,
    exportTable: () => ok(0),
    defaultPath: (name) => ok(name),
    check: () => ok({ findings: [], unseen: 0 }),
    acceptOfApplication: nothing,
    applicationSteps: () => ok({ steps: [], blocks: 0, warns: 0, state: null, moves: [] }),
    prefill: nothing,
    amount: nothing,
    preview: nothing,
    compile: nothing,
    settlement: nothing,
    beginSettlement: nothing,
    handInSettlement: nothing,
    selfEvaluation: nothing,
    beginEvaluation: nothing,
    handInEvaluation: nothing,
    programmes: () => ok([]),
    checkProgramme: () => ok({ ok: true, problems: [], programme: null }),
    tryProgramme: nothing,
    tryOnPast: () => ok([]),
    draftProgramme: nothing,
    publishProgramme: nothing,
    fundList: nothing,
    fundBalances: nothing,
    paymentsDue: () => ok([]),
    reverseFund: nothing,
    fundChart: nothing,
    moneyByYear: nothing,
    verify: nothing,
    verifyDropped: nothing,
    status: () => ok(QUIET),
    sync: nothing,
    moving: () => ok(null),
    onMoving: () => Promise.resolve(() => {}),
    pause: (paused) => ok({ ...QUIET, paused }),
    onItsWay: () => ok({ records: [], recordsTotal: 0, files: [], arrived: [], atDistrict: 0 }),
    exchanges: () => ok([]),
    sticks: () => ok([]),
    writeBundle: nothing,
    readBundle: nothing,
    audit: nothing,
    diagnose: () => ok(0),
    openedFiles: () => ok([]),
    onFilesOpened: () => Promise.resolve(() => {}),
    openToPhone: nothing,
    shutPhone: () => ok(null),
    transfers: () => ok({ files: true, bytesPerSecond: null }),
    setTransfers: (transfers) => ok(transfers),
    conflicts: () => ok([]),
    settle: (id) => ok(find(id)!),
    refused: () => ok([]),
    resend: nothing,
    discard: () => ok(null),
    drafts: () => ok([...drafts.values()]),
    keepDraft: (name, fields) => {
      drafts.set(name, { name, at: "2025-05-03T10:32:00+08:00", fields });
      return ok(null);
    },
    dropDraft: (name) => {
      drafts.delete(name);
      return ok(null);
    },
    onClosing: () => Promise.resolve(() => {}),
    enlarge: () => Promise.resolve(),
        chooseSavePath: () => Promise.resolve(null),
    chooseOpenPath: () => Promise.resolve(null),
    chooseFolder: () => Promise.resolve(null),
    chooseFiles: () => Promise.resolve([]),
    onRecordsChanged: () => Promise.resolve(() => {}),
    onRulesChanged: () => Promise.resolve(() => {}),
    ...own,
  };
}
