// Generated from the Rust types by `cargo xtask types`. Do not edit.

export type RecordId = string;

export type Label = { 
/**
 * Chinese, in the field's official words.
 */
zh: string, 
/**
 * English.
 */
en: string, };

export type Choice = { 
/**
 * Its name in data.
 */
value: string, 
/**
 * Its name on the screen.
 */
label: Label, };

export type FieldType = "text" | "integer" | "decimal" | "money" | "date" | "month" | "choice" | "choices" | "yes_no" | "reference" | "references" | "place" | "rate" | "attachments" | "remarks";

export type Required = boolean | { 
/**
 * The state.
 */
from: string, };

export type Field = { 
/**
 * Its name in data.
 */
name: string, 
/**
 * Its name on the screen.
 */
label: Label, 
/**
 * What it holds.
 */
type: FieldType, 
/**
 * The group it is decided with; alone when absent.
 */
group: string | null, 
/**
 * The unit of an integer or decimal, as shown: `m³/d`.
 */
unit: string | null, 
/**
 * When it must be filled.
 */
required: Required, 
/**
 * Smallest value of an integer, decimal or money (分).
 */
min: number | null, 
/**
 * Largest value of an integer, decimal or money (分).
 */
max: number | null, 
/**
 * What a choice or a set of choices offers.
 */
choices: Array<Choice>, 
/**
 * The kind that a reference names.
 */
to: string | null, 
/**
 * For a reference by a natural key instead of an id: that key's field.
 */
by: string | null, 
/**
 * For text that is a code: how many digits it has.
 */
digits: number | null, 
/**
 * Filled from the first digits of this code field when left empty.
 */
from_code: string | null, 
/**
 * Given by the program, never typed.
 */
given: boolean, 
/**
 * A paragraph, not a line.
 */
long: boolean, 
/**
 * Other headings under which tables hold it.
 */
aliases: Array<string>, 
/**
 * Help for the person who fills it in.
 */
help: Label | null, 
/**
 * Where the field comes from, when not from the kind's own source.
 */
source: string | null, };

export type State = { 
/**
 * Its name in data.
 */
name: string, 
/**
 * Its name on the screen.
 */
label: Label, 
/**
 * The states from which it is reached.
 */
from: Array<string>, 
/**
 * The roles that may move a record here.
 */
by: Array<string>, 
/**
 * Fields that must be filled to arrive here.
 */
needs: Array<string>, 
/**
 * Fields that nobody edits while the record is here; `*` for all.
 */
locks: Array<string>, 
/**
 * A side exit (withdrawn, ended): what "from a state on" requires is not asked here.
 */
aside: boolean, 
/**
 * Counts as reached only when the district holds every attachment of the record.
 */
complete: boolean, };

export type ScopeRule = { "code": string } | { "reference": string } | "laptop";

export type Kind = { 
/**
 * Its name in data: `works`.
 */
kind: string, 
/**
 * Its name on the screen.
 */
label: Label, 
/**
 * The field that heads a record of it.
 */
title: string, 
/**
 * The field that names a record for people, unique where it is filled.
 */
key: string | null, 
/**
 * Pattern of the number given on the laptop, with `{year}`, `{device}`, `{n}`.
 */
number: string | null, 
/**
 * Where a new record's scope comes from.
 */
scope: ScopeRule, 
/**
 * The lifecycle states in order; the first is where records begin.
 */
state: Array<State>, 
/**
 * The fields in the order of the form.
 */
field: Array<Field>, 
/**
 * Fields shown as columns, in order.
 */
list: Array<string>, 
/**
 * Fields found by search.
 */
search: Array<string>, 
/**
 * Where the kind's fields come from, as a person can look it up.
 */
source: string, };

export type Role = { 
/**
 * Its name in data.
 */
name: string, 
/**
 * Its name on the screen.
 */
label: Label, 
/**
 * The kinds it may create, edit and delete; `*` for all.
 */
writes: Array<string>, };

export type Catalog = { 
/**
 * In the order of their files.
 */
kinds: Array<Kind>, 
/**
 * Who may do what.
 */
roles: Array<Role>, };

export type Attachment = { 
/**
 * Lower-case hex SHA-256 of the file's bytes.
 */
sha256: string, 
/**
 * What the file was called.
 */
name: string, 
/**
 * Its length.
 */
bytes: number, };

export type SyncState = "saved" | "sending" | "district" | "conflict" | "refused";

export type Shown = { 
/**
 * The record's id.
 */
id: RecordId, 
/**
 * Its kind.
 */
kind: string, 
/**
 * Its scope.
 */
scope: string, 
/**
 * Where in its lifecycle it stands; `null` for kinds without one.
 */
state: string | null, 
/**
 * Values by field; empty fields are left out.
 */
fields: Record<string, any>, 
/**
 * How far it has come.
 */
sync: SyncState, 
/**
 * Whether it was deleted.
 */
deleted: boolean, 
/**
 * Values that wait for a person's decision.
 */
conflicts: Array<ConflictView>, 
/**
 * Titles of the records that its references name, by id or key, for display.
 */
names: { [key in string]: string }, };

export type ConflictView = { 
/**
 * The conflict's id.
 */
id: string, 
/**
 * The record.
 */
record: RecordId, 
/**
 * The record's kind.
 */
kind: string, 
/**
 * The record's title.
 */
title: string, 
/**
 * The fields that differ; decided as one. `@state` is the lifecycle, `@deleted` the deletion.
 */
fields: Array<string>, 
/**
 * What stands.
 */
standing: Side, 
/**
 * What was parked.
 */
parked: Side, 
/**
 * Whether the parked value is this laptop's own.
 */
mine: boolean, };

export type Side = { 
/**
 * Values by field.
 */
values: Record<string, any>, 
/**
 * Who wrote them.
 */
by: string, 
/**
 * When, by the writer's clock.
 */
at: string, };

export type Query = { 
/**
 * The kind to list.
 */
kind: string, 
/**
 * Fields that must hold these values; `state`, `scope` and `sync` may stand among them.
 * A reference matches by id (or key).
 */
filters: { [key in string]: string }, 
/**
 * The field to sort by; a leading `-` turns it round. By age (newest first) when absent.
 */
sort: string | null, 
/**
 * At most so many records; 50 when absent.
 */
limit: number | null, 
/**
 * Passing over so many.
 */
offset: number | null, };

export type Page = { 
/**
 * How many records match in all.
 */
total: number, 
/**
 * Those of this page.
 */
records: Array<Shown>, };

export type HistoryEntry = { 
/**
 * Its place in the log; `null` while the district has not ordered it.
 */
seq: number | null, 
/**
 * The person.
 */
by: string, 
/**
 * The device.
 */
device: string, 
/**
 * When, by that device's clock (RFC 3339).
 */
at: string, 
/**
 * By how many seconds that clock was ahead of the district's (behind:
 * negative), where it was so far off that `at` must not be believed.
 */
skew: number | null, 
/**
 * `pending`, or the district's verdict.
 */
verdict: string, 
/**
 * The touched values before; `@state` and `@deleted` may stand among them.
 */
before: Record<string, any>, 
/**
 * The touched values as the change asked for them.
 */
after: Record<string, any>, };

export type Hit = { 
/**
 * The record.
 */
id: RecordId, 
/**
 * Its kind.
 */
kind: string, 
/**
 * Its title.
 */
title: string, 
/**
 * The text in which the words were found.
 */
text: string, };

export type Status = { 
/**
 * Each scope with the last `seq` applied here.
 */
scopes: Array<ScopeStatus>, 
/**
 * Changes saved here that the district has not confirmed.
 */
pending: number, 
/**
 * Those of them that were sent and not answered yet.
 */
sending: number, 
/**
 * Open conflicts in this laptop's scopes.
 */
conflicts: number, 
/**
 * Refused changes kept here as drafts.
 */
refused: number, 
/**
 * What is still to be sent.
 */
attachments: AttachmentsDue, 
/**
 * When the district last answered (RFC 3339), if ever.
 */
lastContact: string | null, 
/**
 * By how many seconds this laptop's clock was ahead of the district's then
 * (behind: negative), where that was more than a few minutes.
 */
clockSkew: number | null, 
/**
 * The person.
 */
person: string, 
/**
 * Their role.
 */
role: string, 
/**
 * The letter of this laptop's numbers.
 */
letter: string, 
/**
 * The district's address.
 */
district: string, };

export type ScopeStatus = { 
/**
 * The scope.
 */
scope: string, 
/**
 * The last entry of its log that was applied here.
 */
seq: number, };

export type AttachmentsDue = { 
/**
 * How many.
 */
files: number, 
/**
 * Their length together.
 */
bytes: number, };

export type Transfers = { 
/**
 * Whether files move at all; if not, they wait here: photos later.
 */
files: boolean, 
/**
 * The most bytes per second, both ways together; `null` for as fast as the line is.
 */
bytesPerSecond: number | null, };

export type SyncReport = { 
/**
 * Changes that got their receipt.
 */
pushed: number, 
/**
 * Log entries that came in.
 */
pulled: number, 
/**
 * Records that a first fill brought.
 */
filled: number, 
/**
 * Entries given back to a district that had lost them.
 */
returned: number, 
/**
 * Whether this laptop turned out to have been restored from a backup.
 */
reborn: boolean, 
/**
 * By how many seconds this laptop's clock is ahead of the district's
 * (behind: negative), where that is more than a few minutes.
 */
clockSkew: number | null, 
/**
 * The receipts by verdict.
 */
verdicts: Verdicts, 
/**
 * Files sent and received.
 */
attachments: Moved, };

export type Verdicts = { accepted: number, merged: number, conflict: number, refused: number, waiting: number, };

export type Moved = { 
/**
 * Files the district took.
 */
sent: number, 
/**
 * Files that came in.
 */
received: number, };

export type RefusedDraft = { 
/**
 * The change's id.
 */
change: string, 
/**
 * The record it was about.
 */
record: RecordId, 
/**
 * The record's kind.
 */
kind: string, 
/**
 * The record's title, as the draft has it.
 */
title: string, 
/**
 * When it was made.
 */
at: string, 
/**
 * The values it wanted.
 */
values: Record<string, any>, 
/**
 * Why the district did not take it.
 */
reason: ErrorView, };

export type Draft = { 
/**
 * Which form, in the window's own words.
 */
name: string, 
/**
 * When it was last typed in, by this laptop's clock (RFC 3339).
 */
at: string, 
/**
 * The edited fields only; `null` empties one.
 */
fields: Record<string, any>, };

export type ErrorView = { 
/**
 * Keys the sentence.
 */
code: string, 
/**
 * Fills its blanks.
 */
fields: { [key in string]: string }, };

export type ImportReport = { 
/**
 * Rows that make a new record.
 */
new: number, 
/**
 * Rows that change a record.
 */
changed: number, 
/**
 * Rows that say what is here already.
 */
same: number, 
/**
 * Rows that were not taken.
 */
rejected: number, 
/**
 * Every row with its verdict.
 */
rows: Array<ImportRow>, 
/**
 * Headings that no field of the kind answers to.
 */
unmatched: Array<string>, };

export type ImportRow = { 
/**
 * The row's number in the file, as the spreadsheet shows it.
 */
row: number, 
/**
 * `new`, `changed`, `same` or `rejected`.
 */
verdict: string, 
/**
 * Why it was rejected, or what changes.
 */
reason: ErrorView | null, 
/**
 * The row's title.
 */
title: string, 
/**
 * What the row says, by field.
 */
values: Record<string, any>, };

export type Compiled = { 
/**
 * Where it was written.
 */
path: string, 
/**
 * Its length in bytes.
 */
bytes: number, 
/**
 * Hex SHA-256 of the whole file.
 */
sha256: string, 
/**
 * Files inside.
 */
files: number, 
/**
 * Pages of the 申报表.
 */
pages: number, };

export type Verified = { 
/**
 * Whether nothing was changed, missing or added, and every signature fits.
 */
ok: boolean, 
/**
 * Each thing wrong.
 */
problems: Array<VerifyProblem>, 
/**
 * Who signed.
 */
signatures: Array<VerifySignature>, };

export type VerifyProblem = { 
/**
 * The file inside the package; empty for the package as a whole.
 */
path: string, 
/**
 * `changed`, `missing`, `added`, `signature`, `container` or `unreadable`.
 */
kind: string, };

export type VerifySignature = { 
/**
 * Whose, by name and key.
 */
by: string, 
/**
 * Whether it fits.
 */
ok: boolean, };

export type Stage = { "stage": "new" } | { "stage": "locked", 
/**
 * Whose laptop it is.
 */
person: string, } | { "stage": "open", 
/**
 * Whose laptop it is.
 */
person: string, 
/**
 * Their role.
 */
role: string, 
/**
 * The townships and the shared scope.
 */
scopes: Array<string>, };

export type Enrolled = { 
/**
 * The device's id.
 */
device: string, 
/**
 * The letter of its numbers.
 */
letter: string, 
/**
 * The role of its person.
 */
role: string, 
/**
 * Its scopes.
 */
scopes: Array<string>, 
/**
 * Opens the records when the PIN is lost; shown once, to be printed and locked away.
 */
recoveryKey: string, };

export type Decision = { "take": "standing" } | { "take": "parked" } | { "take": "other", 
/**
 * The values, by field.
 */
values: Record<string, any>, };

export type AttachmentView = { 
/**
 * Hex SHA-256.
 */
sha256: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its length.
 */
bytes: number, 
/**
 * Whether its bytes are on this laptop.
 */
here: boolean, 
/**
 * Whether the district has confirmed that it holds them.
 */
district: boolean, 
/**
 * When it was taken, by its EXIF (`YYYY-MM-DD HH:MM:SS`), if it says so.
 */
taken: string | null, };
