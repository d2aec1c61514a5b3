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
 * For text that is a place code of any level: two, four, six, nine or twelve digits.
 */
place_code: boolean, 
/**
 * Filled from the first digits of this code field when left empty.
 */
from_code: string | null, 
/**
 * The part of the form where it stands; at the top when absent.
 */
section: string | null, 
/**
 * Belongs to a record only then; beside what its section says.
 */
when: When | null, 
/**
 * Given by the program, never typed.
 */
given: boolean, 
/**
 * Kept for the program, and drawn in no form.
 */
hidden: boolean, 
/**
 * A personal number: of what is typed only the last four characters are kept, and
 * in the given field named here a keyed digest, by which the same number is known again.
 */
concealed: string | null, 
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

export type Ground = "township_acceptance" | "county_acceptance" | "spot_check" | "payment" | "handover" | "evaluation";

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
 * What the records around an application must show for it to arrive here.
 */
grounds: Array<Ground>, 
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

export type ScopeRule = { "code": string } | { "reference": string } | { "references": Array<string> } | "laptop" | "shared";

export type Lock = { 
/**
 * The reference: `application`.
 */
with: string, 
/**
 * The states of what it names.
 */
states: Array<string>, 
/**
 * New records may still be made.
 */
adds: boolean, };

export type When = { 
/**
 * A choice or a yes/no that itself always belongs to a record.
 */
field: string, 
/**
 * The values that it may have; `true` and `false` for yes and no.
 */
is: Array<string>, };

export type Section = { 
/**
 * Its name in data.
 */
name: string, 
/**
 * Its heading.
 */
label: Label, 
/**
 * Belongs to a record only then; always when absent.
 */
when: When | null, };

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
 * The states of another record in which it holds records of this kind fast.
 */
lock: Array<Lock>, 
/**
 * The parts of the form, in order; fields that name none come first.
 */
section: Array<Section>, 
/**
 * Once made, a record of it is never edited or deleted: a new one says in
 * its field `corrects` which one it takes the place of, or in `reverses`
 * which one it undoes. Files and remarks may still be added.
 */
append_only: boolean, 
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

export type Level = "village" | "township" | "district";

export type Measure = "recorded" | "sewage_households" | "sewage_villages" | "water_bodies_closed" | "facilities_running" | "effluent_passed" | "works_completed" | "works_accepted" | "rectifications_closed";

export type Indicator = { 
/**
 * Its name in data.
 */
name: string, 
/**
 * Its name on the screen.
 */
label: Label, 
/**
 * How it is computed.
 */
measure: Measure, 
/**
 * For [`Measure::Recorded`]: the village's field that holds the rate.
 */
field: string | null, 
/**
 * 口径: what is counted over what.
 */
basis: Label, 
/**
 * From which share of its households on a village counts, in percent, for
 * a measure that counts villages.
 */
share: number | null, 
/**
 * The places it is asked of.
 */
levels: Array<Level>, 
/**
 * Where it comes from.
 */
source: string, 
/**
 * The source names the figure and not how it is counted: that was inferred.
 */
inferred: boolean, };

export type Threshold = { 
/**
 * Its name in data.
 */
name: string, 
/**
 * The indicator.
 */
indicator: string, 
/**
 * The goal that it belongs to.
 */
goal: Label, 
/**
 * The percentage to reach, such as `57` or `46.7`.
 */
at_least: string, 
/**
 * The places that it is asked of.
 */
levels: Array<Level>, 
/**
 * From this date on.
 */
from: string, 
/**
 * Up to and with this date; open when absent.
 */
until: string | null, 
/**
 * Where it comes from.
 */
source: string, 
/**
 * The source says it less plainly: its dates, level or figure were inferred.
 */
inferred: boolean, };

export type Clock = { 
/**
 * Its name in data, one for each dated version.
 */
name: string, 
/**
 * What it times: `month_report`, `notice_funds` …
 */
times: string, 
/**
 * Its name on the screen.
 */
label: Label, 
/**
 * The day of the month by which it is due; the last day where the month is shorter.
 */
day: number | null, 
/**
 * How many months after its own month that is; 0 for the same.
 */
months_after: number, 
/**
 * How many days it lasts at least.
 */
days: number | null, 
/**
 * These days are working days.
 */
working: boolean, 
/**
 * How many months it lasts.
 */
months: number | null, 
/**
 * How many days before the date a person is reminded.
 */
remind: number, 
/**
 * From this date on.
 */
from: string, 
/**
 * Up to and with this date; open when absent.
 */
until: string | null, 
/**
 * Where it comes from.
 */
source: string, 
/**
 * Inferred, not read.
 */
inferred: boolean, };

export type Limit = { 
/**
 * Its name in data: item and grade.
 */
name: string, 
/**
 * The field of an effluent sample: `cod`, `ammonia` …
 */
item: string, 
/**
 * The grade of the standard (一级A …); every grade when absent.
 */
grade: string | null, 
/**
 * The least it may be.
 */
least: string | null, 
/**
 * The most it may be.
 */
most: string | null, };

export type Standard = { 
/**
 * Its number: `DB32/3462-2020`.
 */
name: string, 
/**
 * Its title.
 */
label: Label, 
/**
 * From this date on.
 */
from: string, 
/**
 * Up to and with this date; open when absent.
 */
until: string | null, 
/**
 * Its limits; empty where they were not read from the standard itself.
 */
limits: Array<Limit>, 
/**
 * Where it comes from.
 */
source: string, 
/**
 * Inferred, not read.
 */
inferred: boolean, };

export type Band = { 
/**
 * Its name in data.
 */
name: string, 
/**
 * Its name on the screen.
 */
label: Label, 
/**
 * The least score of it, out of 100.
 */
at_least: string, 
/**
 * Whether it passes.
 */
passes: boolean, };

export type Grading = { 
/**
 * Its name in data, one for each dated version.
 */
name: string, 
/**
 * What it grades: `acceptance`.
 */
grades: string, 
/**
 * The bands, best first; each begins at its least score and ends below the one before.
 */
bands: Array<Band>, 
/**
 * The percentage of its own full score that each item must reach, or the whole fails.
 */
item_least: string | null, 
/**
 * The percentage of households that must be served where a village is accepted.
 */
benefit_least: string | null, 
/**
 * From this date on.
 */
from: string, 
/**
 * Up to and with this date; open when absent.
 */
until: string | null, 
/**
 * Where it comes from.
 */
source: string, 
/**
 * Inferred, not read.
 */
inferred: boolean, };

export type NormMeasure = "capacity_cost" | "pipe_cost" | "household_cost" | "person_flow";

export type Norm = { 
/**
 * Its name in data.
 */
name: string, 
/**
 * Its name on the screen.
 */
label: Label, 
/**
 * What is measured.
 */
measure: NormMeasure, 
/**
 * The processes of a works that it is about; all where none is named.
 */
process: Array<string>, 
/**
 * The least that is usual: 元, or litres.
 */
least: string, 
/**
 * The most that is usual.
 */
most: string, 
/**
 * By how many percent a figure may lie beyond before it looks odd.
 */
slack: number, 
/**
 * From this date on.
 */
from: string, 
/**
 * Up to and with this date; open when absent.
 */
until: string | null, 
/**
 * Where it comes from.
 */
source: string, 
/**
 * Inferred, not read.
 */
inferred: boolean, };

export type Exclusion = { 
/**
 * Its name in data.
 */
name: string, 
/**
 * Its name on the screen.
 */
label: Label, 
/**
 * Words by which it is found.
 */
words: Array<string>, 
/**
 * Words that show that it is something else after all.
 */
unless: Array<string>, 
/**
 * From this date on.
 */
from: string, 
/**
 * Up to and with this date; open when absent.
 */
until: string | null, 
/**
 * Where it comes from.
 */
source: string, 
/**
 * Inferred, not read.
 */
inferred: boolean, };

export type Holidays = { 
/**
 * Its name in data.
 */
name: string, 
/**
 * The year; a year without an entry is counted by its weekends alone.
 */
year: number, 
/**
 * 文号 of the notice.
 */
document: string, 
/**
 * Days off, weekends among them or not.
 */
off: Array<string>, 
/**
 * Saturdays and Sundays that are worked in their place.
 */
worked: Array<string>, 
/**
 * Where it comes from.
 */
source: string, 
/**
 * Inferred, not read.
 */
inferred: boolean, };

export type WeightedPart = { 
/**
 * The level of the targets: `output`, `benefit`, `satisfaction`; or `execution`.
 */
name: string, 
/**
 * Its name on the screen.
 */
label: Label, 
/**
 * How many points it has.
 */
weight: string, };

export type Weighting = { 
/**
 * Its name in data, one for each dated version.
 */
name: string, 
/**
 * What it weighs: `self_evaluation`.
 */
weighs: string, 
/**
 * The levels of targets in the order of the form, and [`Weighting::EXECUTION`].
 */
parts: Array<WeightedPart>, 
/**
 * The bands of completion, best first; each begins at its least percentage and
 * ends below the one before.
 */
bands: Array<ScoreBand>, 
/**
 * From this date on.
 */
from: string, 
/**
 * Up to and with this date; open when absent.
 */
until: string | null, 
/**
 * Where it comes from.
 */
source: string, 
/**
 * Inferred, not read.
 */
inferred: boolean, };

export type Catalog = { 
/**
 * In the order of their files.
 */
kinds: Array<Kind>, 
/**
 * Who may do what.
 */
roles: Array<Role>, 
/**
 * The figures that are computed from records.
 */
indicators: Array<Indicator>, 
/**
 * What a figure is compared with, and since when.
 */
thresholds: Array<Threshold>, 
/**
 * Dates and spans that are kept.
 */
clocks: Array<Clock>, 
/**
 * What treated water may hold.
 */
standards: Array<Standard>, 
/**
 * How scores are graded.
 */
gradings: Array<Grading>, 
/**
 * How the parts of an evaluation weigh.
 */
weightings: Array<Weighting>, 
/**
 * What things usually cost, and how large they usually are.
 */
norms: Array<Norm>, 
/**
 * What money may not pay for.
 */
exclusions: Array<Exclusion>, 
/**
 * The public holidays of each year, and the days worked in their place.
 */
holidays: Array<Holidays>, };

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

export type PracticePlaces = { 
/**
 * A village that has most of its file.
 */
village: RecordId, 
/**
 * A works under way, with a photo before and a photo during.
 */
works: RecordId, 
/**
 * A works with nothing but its contract.
 */
bareWorks: RecordId, 
/**
 * An application with something left to mend.
 */
application: RecordId, 
/**
 * A picture to take in, in the practice ledger's own folder.
 */
photo: string, };

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
 * What both writers started from, by field; `null` where this laptop does not know it.
 */
original: Record<string, any> | null, 
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
 * Every word of it occurs in the record.
 */
find?: string, 
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

export type Sums = { 
/**
 * How many records match.
 */
count: number, 
/**
 * By field: amounts in 分.
 */
fields: Record<string, number>, };

export type Edit = { 
/**
 * The record.
 */
record: RecordId, 
/**
 * Its new values; `null` empties one.
 */
fields: Record<string, any>, };

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
 * Whether its person paused the exchange, so that nothing moves by itself.
 */
paused: boolean, 
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

export type Moving = { 
/**
 * What is on its way.
 */
step: MovingStep, 
/**
 * How much is done: changes where those move, bytes where files do.
 */
done: number, 
/**
 * Of how much; as much as is done where nobody knows.
 */
of: number, };

export type MovingStep = "pushing" | "pulling" | "sending" | "receiving";

export type NewRules = "taken" | "tooNew";

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
attachments: Moved, 
/**
 * What came of forms and rules that the district has changed, if it has.
 */
rules: NewRules | null, };

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

export type OnItsWay = { 
/**
 * Records of which something waits: those on their way first.
 */
records: Array<WaitingRecord>, 
/**
 * How many there are in all.
 */
recordsTotal: number, 
/**
 * Files that the district lacks, in the order in which they are sent.
 */
files: Array<WaitingFile>, 
/**
 * What this laptop sent and the district confirmed, the latest first.
 */
arrived: Array<ArrivedRecord>, 
/**
 * How many records are as the district has them.
 */
atDistrict: number, };

export type WaitingRecord = { 
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
 * Changes of it without a receipt.
 */
changes: number, 
/**
 * Whether they went out, and only the answer is to come.
 */
sent: boolean, };

export type WaitingFile = { 
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
 * How many bytes went with a stick, or are at the district already.
 */
carried: number, 
/**
 * The record that shows it, where that is a photo.
 */
record: FileOwner | null, };

export type FileOwner = { 
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
title: string, };

export type ArrivedRecord = { 
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
 * When it was saved here.
 */
at: string, 
/**
 * The district's verdict.
 */
verdict: string, };

export type ExchangeWay = "line" | "stickOut" | "stickIn";

export type ExchangeOutcome = { 
/**
 * What went and came, over the line or from a stick.
 */
report: SyncReport | null, 
/**
 * What was written onto a stick.
 */
written: BundleWritten | null, 
/**
 * The stick's file.
 */
file: string | null, 
/**
 * When the district wrote that file, by its clock.
 */
repliedAt: string | null, 
/**
 * Why it broke off.
 */
error: ErrorView | null, };

export type ExchangeEntry = { 
/**
 * When (RFC 3339), by this laptop's clock.
 */
at: string, 
/**
 * The last time, where it failed alike several times in a row.
 */
until: string, 
/**
 * How many times.
 */
times: number, 
/**
 * By which way.
 */
way: ExchangeWay, 
/**
 * What became of it.
 */
outcome: ExchangeOutcome, };

export type BundleWishes = { 
/**
 * The most bytes in one file; what FAT32 takes when absent.
 */
limit: number | null, 
/**
 * The most bytes in all; what is free when absent.
 */
room: number | null, 
/**
 * Records alone, without photos.
 */
noPhotos: boolean, 
/**
 * All photos once more, also those that went with an earlier stick.
 */
again: boolean, };

export type BundlePart = { 
/**
 * Where it is.
 */
file: string, 
/**
 * How many bytes it has.
 */
bytes: number, };

export type BundleWritten = { 
/**
 * Its name.
 */
bundle: string, 
/**
 * Its parts.
 */
parts: Array<BundlePart>, 
/**
 * Changes in it.
 */
changes: number, 
/**
 * Changes that did not fit, and go with the next one.
 */
changesLeft: number, 
/**
 * Files in it, whole or in part, and their bytes.
 */
carried: AttachmentsDue, 
/**
 * Files of which something is left for the next one.
 */
left: AttachmentsDue, 
/**
 * Files that went with earlier ones, and of which nothing was heard yet.
 */
underWay: number, };

export type BundleTaken = { 
/**
 * When the district wrote it, by its clock.
 */
at: string, 
/**
 * Parts that were read.
 */
parts: number, 
/**
 * Files beside it that are parts of another bundle, and were not read.
 */
passedOver: number, 
/**
 * What it brought, as an exchange over the line brings it; files sent are
 * those that the district says to hold now.
 */
brought: SyncReport, 
/**
 * Whether the district has more to say than fitted.
 */
more: boolean, 
/**
 * What was wrong with a part, if something was: all else was taken.
 */
error?: ErrorView | null, };

export type StickReply = { 
/**
 * Its first part.
 */
file: string, 
/**
 * When the district wrote it, by its clock.
 */
at: string, 
/**
 * Whether it was read here before.
 */
read: boolean, };

export type StickView = { 
/**
 * What it is called.
 */
name: string, 
/**
 * Its top folder.
 */
folder: string, 
/**
 * How many bytes may still be written on it; none where it does not say.
 */
free: number | null, 
/**
 * Where a bundle would be written.
 */
suggested: string, 
/**
 * What the district wrote for this laptop, the latest first.
 */
replies: Array<StickReply>, };

export type AuditBroken = { 
/**
 * Whose log; none for what waits here.
 */
scope: string | null, 
/**
 * The entry; none for what concerns the whole log.
 */
seq: number | null, 
/**
 * What is wrong, as a code.
 */
fault: string, };

export type AuditView = { 
/**
 * Whether everything holds.
 */
ok: boolean, 
/**
 * Log entries read.
 */
entries: number, 
/**
 * Logs read.
 */
scopes: number, 
/**
 * What does not hold: the first of each log, and of what waits.
 */
broken: Array<AuditBroken>, };

export type PhoneAddress = { 
/**
 * To be typed or scanned.
 */
url: string, 
/**
 * The same as a QR code, in SVG.
 */
svg: string, };

export type PhoneEnd = "phone" | "laptop" | "time";

export type PhoneNews = { "news": "began" } | { "news": "coming", 
/**
 * The photo.
 */
name: string, 
/**
 * Bytes that came.
 */
bytes: number, 
/**
 * Of how many.
 */
of: number, } | { "news": "kept", 
/**
 * The photo.
 */
name: string, 
/**
 * Whether it was there already.
 */
same: boolean, 
/**
 * Photos kept so far.
 */
count: number, } | { "news": "notKept", 
/**
 * The photo.
 */
name: string, 
/**
 * Why, as a code.
 */
code: string, } | { "news": "ended", 
/**
 * By whom.
 */
by: PhoneEnd, 
/**
 * Photos kept.
 */
count: number, };

export type PhoneView = { 
/**
 * Where the photos go.
 */
title: string, 
/**
 * The addresses, the likeliest first.
 */
addresses: Array<PhoneAddress>, };

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

export type ExportAsked = { 
/**
 * The template: its name, or the path of an xlsx.
 */
template: string, 
/**
 * The one record that the table is about: a village, for its file.
 */
of: string | null, 
/**
 * The month of a month report, `YYYY-MM`.
 */
month: string | null, 
/**
 * The township of a month report, where this laptop has several.
 */
township: string | null, 
/**
 * Only records whose field holds this value, where their kind has the field.
 */
filters: { [key in string]: string }, 
/**
 * Mobile and identity numbers in full.
 */
personal: boolean, };

export type ExportTemplate = { 
/**
 * Its name.
 */
name: string, 
/**
 * Where it lies; none where it is the program's own.
 */
path: string | null, 
/**
 * What has to be said with it: `month`, or the kind of the one record that it is about.
 */
about: string | null, };

export type ImportMatch = { 
/**
 * The sheet; the first with the kind's headings when not said.
 */
sheet: string | null, 
/**
 * By heading: its field; an empty name passes the column over.
 */
columns: { [key in string]: string }, 
/**
 * By heading: the unit of its numbers.
 */
units: { [key in string]: string }, 
/**
 * By field, then by what stands in the cell: what it means.
 */
meanings: { [key in string]: { [key in string]: string } }, 
/**
 * The year of dates that name none.
 */
year: number | null, };

export type ImportAsked = { 
/**
 * The kind of its rows.
 */
kind: string, 
/**
 * The template to begin with.
 */
template: string | null, 
/**
 * What a person says beside it.
 */
match: ImportMatch, 
/**
 * The plan that the person has seen (`ImportReport::plan`): another one is not carried out.
 */
agreed: string | null, 
/**
 * The name under which the match is kept for the next table like this.
 */
saveTemplate: string | null, };

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
 * Rows that a rule refuses.
 */
refused: number, 
/**
 * Rows that wait for a person to say what they mean.
 */
undecided: number, 
/**
 * Rows that are not taken: refused and undecided together.
 */
rejected: number, 
/**
 * Every row with its verdict.
 */
rows: Array<ImportRow>, 
/**
 * Headings that no field of the kind answers to.
 */
unmatched: Array<string>, 
/**
 * Every heading: its field, or fields that it may be.
 */
headings: Array<ImportHeading>, 
/**
 * What is to be decided, once for all rows that ask it.
 */
questions: Array<ImportQuestion>, 
/**
 * The sheet that was read.
 */
sheet: string, 
/**
 * The numbers of the rows passed over as totals.
 */
totals: Array<number>, 
/**
 * Stands for all that would be written; the same exactly where that is.
 */
plan: string, 
/**
 * The import's id, by which it can be taken back; none when nothing was written.
 */
batch: string | null, };

export type ImportRow = { 
/**
 * The row's number in the file, as the spreadsheet shows it.
 */
row: number, 
/**
 * `new`, `changed`, `same`, `refused` or `undecided`.
 */
verdict: string, 
/**
 * Why it is not taken.
 */
reason: ErrorView | null, 
/**
 * The row's title.
 */
title: string, 
/**
 * What the row says, by field.
 */
values: Record<string, any>, 
/**
 * Of a row that changes a record: each field's old and new value.
 */
changes: Array<ImportChange>, };

export type ImportChange = { 
/**
 * The field.
 */
field: string, 
/**
 * What stands there.
 */
before: any, 
/**
 * What the row says.
 */
after: any, };

export type ImportHeading = { 
/**
 * As it stands there.
 */
heading: string, 
/**
 * Its field.
 */
field: string | null, 
/**
 * The unit of its numbers, where the table says one.
 */
unit: string | null, 
/**
 * Without a field: those that it may be, the likeliest first.
 */
suggestions: Array<string>, };

export type ImportQuestion = { 
/**
 * The field.
 */
field: string, 
/**
 * What stands in the cells.
 */
given: string, 
/**
 * The first row that says it.
 */
row: number, 
/**
 * How many rows say it.
 */
rows: number, 
/**
 * Why it is not taken as it stands.
 */
reason: ErrorView, 
/**
 * What it may mean, the likeliest first.
 */
offers: Array<ImportOffer>, };

export type ImportOffer = { 
/**
 * What to say for it under `meanings`.
 */
value: string, 
/**
 * What it is called.
 */
title: string, 
/**
 * Where it lies, or how it is read so.
 */
reading: Label, };

export type ImportTemplate = { 
/**
 * The kind it is for.
 */
kind: string, 
/**
 * Its name.
 */
name: string, 
/**
 * When it was kept.
 */
at: string, 
/**
 * The match.
 */
match: ImportMatch, };

export type ImportBatch = { 
/**
 * Its id.
 */
batch: string, 
/**
 * When it was.
 */
at: string, 
/**
 * Whose it was.
 */
by: string, 
/**
 * The file.
 */
file: string, 
/**
 * The kind of its rows.
 */
kind: string, 
/**
 * When it was taken back, as far as it was.
 */
undoneAt: string | null, 
/**
 * How many of its rows still stand.
 */
standing: number, };

export type ImportUndone = { 
/**
 * Records that it had made and that are deleted now.
 */
deleted: number, 
/**
 * Records that have their old values again.
 */
restored: number, 
/**
 * What was left as it is, and why.
 */
left: Array<ImportLeft>, };

export type ImportLeft = { 
/**
 * The row of the file that had written it.
 */
row: number, 
/**
 * The record.
 */
record: RecordId, 
/**
 * Its title.
 */
title: string, 
/**
 * The fields that somebody has written since; empty where the whole record was left.
 */
fields: Array<string>, 
/**
 * Why.
 */
reason: ErrorView, };

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
 * Hex SHA-256 of the data behind it, as the QR code on the cover has it.
 */
data: string, 
/**
 * Files inside.
 */
files: number, 
/**
 * Pages of the 申报书.
 */
pages: number, 
/**
 * Fonts of the standard that this machine does not have, each with what stands in for it.
 */
substitutes: Array<string>, 
/**
 * Photos and scans that are in the package but could not be shown in the 申报书, and why.
 */
omitted: Array<ErrorView>, };

export type CompileStage = "pictures" | "pages" | "files";

export type CompileStep = { 
/**
 * What is being done.
 */
stage: CompileStage, 
/**
 * How much of it is done.
 */
done: number, 
/**
 * How much there is of it.
 */
total: number, };

export type PreviewPage = { 
/**
 * Which one, from 1.
 */
page: number, 
/**
 * How many there are.
 */
pages: number, 
/**
 * Fonts of the standard that this machine does not have, each with what stands in for it.
 */
substitutes: Array<string>, };

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
 * Who signed, the laptop first.
 */
signatures: Array<VerifySignature>, 
/**
 * Who hands it in, by the package's own word.
 */
organization: string, 
/**
 * The application's number.
 */
identifier: string, 
/**
 * The day that it bears.
 */
date: string, 
/**
 * Hex SHA-256 of the data, which the QR code on the printed cover must show.
 */
data: string | null, 
/**
 * Files that were read and hashed.
 */
files: number, 
/**
 * Their bytes.
 */
bytes: number, };

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
 * `device` for the laptop that compiled it, `district` for who received it.
 */
role: string, 
/**
 * Whose, by name and key.
 */
by: string, 
/**
 * When the district received it, by its clock (RFC 3339).
 */
at: string | null, 
/**
 * To whom the district had given the laptop's key.
 */
device: string | null, 
/**
 * Whether it fits.
 */
ok: boolean, };

export type Stage = { "stage": "new" } | { "stage": "asked", 
/**
 * Whose laptop it will be.
 */
person: string, } | { "stage": "locked", 
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
scopes: Array<string>, 
/**
 * Whether it is a practice ledger, which nobody else ever sees.
 */
practice: boolean, };

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

export type Asked = { 
/**
 * Where it is.
 */
file: string, 
/**
 * Opens the records if the PIN is forgotten; shown once.
 */
recoveryKey: string, };

export type UpdateView = { 
/**
 * The version of this program.
 */
here: string, 
/**
 * The version of the new one.
 */
version: string, 
/**
 * The day on which it was made (YYYY-MM-DD).
 */
at: string, 
/**
 * What is new, in Chinese.
 */
zh: string, 
/**
 * What is new, in English.
 */
en: string, 
/**
 * How many bytes it has.
 */
bytes: number, 
/**
 * How many of them are here.
 */
came: number, 
/**
 * Where it lies, whole and checked; nothing until then.
 */
file: string | null, };

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

export type System = "wgs84" | "cgcs2000" | "gcj02";

export type Oddity = "positionZero" | "positionBroken" | "timeImpossible" | "exifDamaged" | "cutShort";

export type PhotoPlace = { 
/**
 * Degrees east.
 */
lon: number, 
/**
 * Degrees north.
 */
lat: number, 
/**
 * How far off it may be, in metres, where the camera says so.
 */
accuracy: number | null, 
/**
 * The system of the degrees.
 */
system: System, 
/**
 * Whether the file says so; if not, it is taken for WGS-84, as nearly all cameras write.
 */
stated: boolean, };

export type Facts = { 
/**
 * The picture format by content: `jpeg`, `png`, `webp`, `heic`, `avif`, `tiff`, `gif`, `bmp`; empty for no picture.
 */
format: string, 
/**
 * Pixels across, as it is looked at.
 */
width: number | null, 
/**
 * Pixels down, as it is looked at.
 */
height: number | null, 
/**
 * How the stored pixels lie, as EXIF numbers it: 1 upright, 3 upside down, 6 and 8 on a side …
 */
orientation: number, 
/**
 * Whether it carries EXIF at all.
 */
exif: boolean, 
/**
 * When it was taken, by the camera's own clock: `YYYY-MM-DDTHH:MM:SS`.
 */
taken: string | null, 
/**
 * How far that clock's time was from UTC, where the camera says it: `+08:00`.
 */
offset: string | null, 
/**
 * When it was taken by the satellites' clock (RFC 3339, UTC).
 */
satellite: string | null, 
/**
 * When the file was last written, by EXIF: `YYYY-MM-DDTHH:MM:SS`.
 */
changed: string | null, 
/**
 * Where it was taken.
 */
place: PhotoPlace | null, 
/**
 * Maker and model.
 */
camera: string | null, 
/**
 * The program that wrote the file.
 */
software: string | null, 
/**
 * What is written in it and cannot be so.
 */
odd: Array<Oddity>, };

export type Severity = "block" | "warn";

export type FindingRule = "photoTwice" | "photoAlike" | "photoOutsideDates" | "photoFarAway" | "photoWithoutExif" | "photoEdited" | "photoOdd" | "photoClock" | "photoMissing" | "fundingSum" | "fundingMissing" | "estimateSum" | "lineAmount" | "channelUnnamed" | "paidBeforeAcceptance" | "rewardBeforeAcceptance" | "paidOverContract" | "contractOverApproved" | "paidOverArrived" | "retentionEarly" | "retentionUngraded" | "paidOverStage" | "reversalIdle" | "executionOver" | "notEligible" | "categoryNotEligible" | "overEntitled" | "amountDiffers" | "amountUnknown" | "policyMissing" | "policyUnreadable" | "policyNotInForce" | "policyUnpublished" | "requirementUnmet" | "requirementOpen" | "duplicateFunding" | "worksTwice" | "otherCentral" | "otherStream" | "fundedAlready" | "beneficiariesTooMany" | "capacityOdd" | "costOdd" | "householdTwice" | "householderDeceased" | "rateOdd" | "waterArea" | "waterList" | "noticeMissing" | "noticeShort" | "noticeRunning" | "documentMissing" | "chapterMissing" | "writtenTwice" | "outlinesMixed" | "targetMissing" | "estimateMissing" | "fieldsMissing" | "villageNotNamed" | "spanReversed" | "remarkOpen" | "libraryExpired" | "libraryMissing" | "monthReportMissing";

export type PhotoRef = { 
/**
 * Hex SHA-256.
 */
sha256: string, 
/**
 * What the file is called.
 */
name: string, 
/**
 * The record that uses it.
 */
record: RecordId, };

export type Mend = { 
/**
 * The record to open.
 */
record: RecordId, 
/**
 * Its kind.
 */
kind: string, 
/**
 * The field to go to in it.
 */
field: string | null, 
/**
 * Where something is missing altogether: the kind of the record to make for it.
 */
make: string | null, 
/**
 * What that record says from its beginning.
 */
with?: { [key in string]: string }, };

export type TakenVerdict = "taken" | "same" | "passedOver" | "refused";

export type TakenFile = { 
/**
 * Where it lay.
 */
path: string, 
/**
 * What became of it.
 */
verdict: TakenVerdict, 
/**
 * Hex SHA-256, where it was read.
 */
sha256: string | null, 
/**
 * Why it was not taken.
 */
reason: ErrorView | null, };

export type TakenIn = { 
/**
 * Files that are the record's now.
 */
taken: number, 
/**
 * Files that were the record's already.
 */
same: number, 
/**
 * Files of a folder that are no pictures, and were left where they are.
 */
passedOver: number, 
/**
 * Files that could not be taken.
 */
refused: number, 
/**
 * Whether it was stopped before the end; what was taken stays.
 */
stopped: boolean, 
/**
 * Each file, in the order in which they were taken.
 */
files: Array<TakenFile>, };

export type PhotoView = { 
/**
 * Hex SHA-256.
 */
sha256: string, 
/**
 * What its file is called.
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
 * What its bytes say; nothing while they are not here.
 */
facts: Facts | null, };

export type SpotPhotos = { 
/**
 * The spot.
 */
spot: RecordId, 
/**
 * What it is called.
 */
name: string, 
/**
 * Which way the pictures look.
 */
direction: string | null, 
/**
 * 整治前, oldest first.
 */
before: Array<PhotoView>, 
/**
 * 整治中, oldest first.
 */
during: Array<PhotoView>, 
/**
 * 整治完成, oldest first.
 */
after: Array<PhotoView>, };

export type RecordPhotos = { 
/**
 * The record.
 */
record: RecordId, 
/**
 * Its kind.
 */
kind: string, 
/**
 * Its title.
 */
title: string, 
/**
 * Oldest first.
 */
photos: Array<PhotoView>, };

export type WorksPhotos = { 
/**
 * The works.
 */
works: RecordId, 
/**
 * Its spots, each with its pictures of before, during and after, to be compared.
 */
spots: Array<SpotPhotos>, 
/**
 * Pictures that stand for no phase: of the works itself, its progress, its acceptance …
 */
others: Array<RecordPhotos>, };

export type Accepted = { 
/**
 * Who.
 */
by: string, 
/**
 * When, by that person's clock (RFC 3339).
 */
at: string, 
/**
 * Why.
 */
remark: string, 
/**
 * The record that says so.
 */
note: RecordId, };

export type FindingView = { 
/**
 * The same for the same question on every device.
 */
key: string, 
/**
 * Which rule.
 */
rule: FindingRule, 
/**
 * Whether it blocks or warns.
 */
severity: Severity, 
/**
 * Where the rule comes from.
 */
clause: string, 
/**
 * The records concerned.
 */
records: Array<RecordId>, 
/**
 * The pictures concerned.
 */
photos: Array<PhotoRef>, 
/**
 * What was seen and why it matters, in Chinese.
 */
text: string, 
/**
 * The blanks of that sentence, for another language.
 */
fields: { [key in string]: string }, 
/**
 * Where it can be mended.
 */
mend?: Mend, 
/**
 * Who accepted it, if anybody has.
 */
accepted: Accepted | null, };

export type ApplicationStepName = "project" | "works" | "estimate" | "money" | "targets" | "plan" | "documents" | "notice" | "remarks" | "running";

export type ApplicationStep = { 
/**
 * Which.
 */
step: ApplicationStepName, 
/**
 * Whether everything is there, and nothing in it blocks.
 */
done: boolean, 
/**
 * How many findings block.
 */
blocks: number, 
/**
 * How many warn.
 */
warns: number, };

export type ApplicationSteps = { 
/**
 * Its steps, in the order in which people go through them.
 */
steps: Array<ApplicationStep>, 
/**
 * How many findings block, photos included.
 */
blocks: number, 
/**
 * How many warn and are not accepted.
 */
warns: number, 
/**
 * The step of its lifecycle.
 */
state: string | null, 
/**
 * Where this person may move it now.
 */
moves: Array<string>, };

export type Prefilled = { 
/**
 * The outline of the plan: f2, f3 or village.
 */
outline: string, 
/**
 * The fields of the application that were filled.
 */
filled: Array<string>, 
/**
 * The records that were made, in the order of the plan.
 */
made: Array<RecordId>, 
/**
 * The records that were written anew, for nobody had touched them.
 */
renewed: Array<RecordId>, 
/**
 * The records that were taken out, for another laptop had written the same and
 * nobody had touched these. They can be brought back.
 */
dropped: Array<RecordId>, };

export type Findings = { 
/**
 * Each of them, those that wait for an answer first.
 */
findings: Array<FindingView>, 
/**
 * Photos that nobody has looked at yet, or whose bytes are not here: what is not known of them is not found.
 */
unseen: number, };

export type BoundaryWishes = { 
/**
 * What it is to be called.
 */
name: string, 
/**
 * 审图号.
 */
approval: string, 
/**
 * The system of its degrees.
 */
system: System, 
/**
 * Who gave it out.
 */
origin: string | null, 
/**
 * As of when (`YYYY-MM-DD`).
 */
published: string | null, };

export type BoundaryView = { 
/**
 * Its record.
 */
id: RecordId, 
/**
 * What it is called.
 */
name: string, 
/**
 * 审图号; shown wherever the boundary is.
 */
approval: string, 
/**
 * The system of the file's degrees.
 */
system: string, 
/**
 * How many areas it has; nothing while its bytes are not here.
 */
areas: number | null, };

export type AreaView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its place code, where the file gives one.
 */
code: string | null, 
/**
 * Its rings, as longitude and latitude.
 */
rings: Array<Array<[number, number]>>, };

export type NearestVillage = { 
/**
 * Its record.
 */
id: RecordId, 
/**
 * Its name.
 */
name: string, 
/**
 * How far away its place is.
 */
metres: number, };

export type AreaHit = { 
/**
 * The area.
 */
name: string, 
/**
 * Its place code.
 */
code: string | null, 
/**
 * The file it is of.
 */
boundary: RecordId, 
/**
 * That file's 审图号.
 */
approval: string, };

export type Whereabouts = { 
/**
 * Longitude and latitude in WGS-84.
 */
wgs84: [number, number], 
/**
 * Longitude and latitude in GCJ-02.
 */
gcj02: [number, number], 
/**
 * The nearest village that has a place.
 */
village: NearestVillage | null, 
/**
 * The loaded areas that hold it, the smallest first.
 */
areas: Array<AreaHit>, };

export type PlaceFound = { 
/**
 * Its code: two, four, six, nine or twelve digits.
 */
code: string, 
/**
 * Its name.
 */
name: string, 
/**
 * `province`, `city`, `county`, `township` or `village`.
 */
level: string, 
/**
 * The list's word for what it is: 镇, 村委会 …
 */
category: string, 
/**
 * Names from the province to itself, which tell it from another of the same name.
 */
path: Array<string>, 
/**
 * The first day of this name (`YYYY-MM-DD`), where it is known.
 */
validFrom: string | null, 
/**
 * The first day without it, where it has ended.
 */
validUntil: string | null, 
/**
 * What followed it.
 */
successors: Array<PlaceNamed>, 
/**
 * Whether it is of this district's list, not of the country's.
 */
own: boolean, 
/**
 * Its township or village among the records here.
 */
record: RecordId | null, };

export type PlaceNamed = { 
/**
 * The code.
 */
code: string, 
/**
 * The name.
 */
name: string, };

export type PlaceHistory = { 
/**
 * The period in which the day lies that was asked for.
 */
place: PlaceFound, 
/**
 * All periods, the oldest first.
 */
periods: Array<PlaceFound>, };

export type PlaceOfRecord = { 
/**
 * The field that names it.
 */
field: string, 
/**
 * The record's day (`YYYY-MM-DD`).
 */
day: string, 
/**
 * The place as it was on that day.
 */
place: PlaceFound, 
/**
 * Its name now, where that is another one.
 */
now: string | null, };

export type CountryLoaded = { 
/**
 * How many places it has; none where the work was stopped.
 */
places: number, };

export type Reason = { "reason": "sameCategory" } | { "reason": "name", 
/**
 * How alike, in percent.
 */
percent: number, } | { "reason": "datesOverlap", 
/**
 * The first.
 */
from: string, 
/**
 * The last.
 */
until: string, } | { "reason": "sameContract", 
/**
 * Its number.
 */
number: string, } | { "reason": "near", 
/**
 * How far apart.
 */
metres: number, } | { "reason": "samePhoto", 
/**
 * How many.
 */
count: number, };

export type Duplicate = { 
/**
 * From 0 to 100.
 */
score: number, 
/**
 * What they have in common.
 */
reasons: Array<Reason>, 
/**
 * Their village.
 */
village: string, 
/**
 * The one that was recorded first.
 */
one: DuplicateSide, 
/**
 * The other.
 */
other: DuplicateSide, };

export type DuplicateSide = { 
/**
 * Its id.
 */
id: RecordId, 
/**
 * Its number.
 */
number: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Who recorded it, where that is known here.
 */
by: string, };

export type Joined = { 
/**
 * The works that is kept.
 */
kept: Shown, 
/**
 * The record of the joining, with all that differed.
 */
joining: RecordId, 
/**
 * Fields that were taken over.
 */
takenOver: Array<string>, 
/**
 * Fields in which the two differ; the other's words are in the record.
 */
differing: Array<string>, };

export type Dossier = { 
/**
 * 一村一档.
 */
title: string, 
/**
 * The village.
 */
village: RecordId, 
/**
 * Its name.
 */
name: string, 
/**
 * Its code.
 */
code: string, 
/**
 * The names above it and its own, from the province down.
 */
path: Array<string>, 
/**
 * Documents that are there, of those that are asked for.
 */
have: number, 
/**
 * Documents that are asked for.
 */
wanted: number, 
/**
 * The seven sections.
 */
sections: Array<DossierSection>, };

export type DossierSection = { 
/**
 * Its name in data.
 */
name: string, 
/**
 * Its heading.
 */
label: Label, 
/**
 * Documents that are there, of those that are asked for.
 */
have: number, 
/**
 * Documents that are asked for.
 */
wanted: number, 
/**
 * What is missing, in words.
 */
missing: Array<Label>, 
/**
 * Its documents.
 */
documents: Array<DossierDocument>, };

export type DossierDocument = { 
/**
 * Its heading.
 */
label: Label, 
/**
 * Whether the file is incomplete without it.
 */
asked: boolean, 
/**
 * Whether nothing of it is missing.
 */
complete: boolean, 
/**
 * Its records.
 */
records: Array<DossierRecord>, };

export type DossierRecord = { 
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
 * Label and value of what is shown of it, in words.
 */
rows: Array<[string, string]>, 
/**
 * Its files.
 */
files: Array<DossierFile>, };

export type DossierFile = { 
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
 * When it was taken, by its EXIF.
 */
taken: string | null, 
/**
 * Whether it is a picture that can be shown.
 */
picture: boolean, 
/**
 * Whether its bytes are on this laptop.
 */
here: boolean, };

export type DossierWritten = { 
/**
 * The folder, or the PDF.
 */
path: string, 
/**
 * Original files in it.
 */
files: number, 
/**
 * Pages of the PDF.
 */
pages: number, 
/**
 * Documents that are there, of those that are asked for.
 */
have: number, 
/**
 * Documents that are asked for.
 */
wanted: number, 
/**
 * What is missing, by section.
 */
missing: Array<string>, 
/**
 * Files that the records name and that are not on this laptop yet.
 */
absent: Array<string>, };

export type LeftOutReason = "notRecorded" | "later" | "noHouseholds" | "noHouseholdsServed" | "undated" | "notClosed" | "notChecked" | "noConclusion" | "beyondLimit";

export type LeftOut = { 
/**
 * The record.
 */
record: RecordId, 
/**
 * Why.
 */
reason: LeftOutReason, };

export type Compared = { 
/**
 * The threshold's name.
 */
threshold: string, 
/**
 * The goal that it belongs to.
 */
goal: Label, 
/**
 * The percentage to reach.
 */
atLeast: string, 
/**
 * Whether it is reached; `null` where there is no rate.
 */
met: boolean | null, 
/**
 * Where it comes from.
 */
source: string, 
/**
 * Its dates, level or figure were inferred.
 */
inferred: boolean, };

export type Figure = { 
/**
 * The indicator's name.
 */
indicator: string, 
/**
 * Its name on the screen.
 */
label: Label, 
/**
 * What counts.
 */
numerator: number, 
/**
 * Out of how many; 0 where nothing could be counted, and there is no rate.
 */
denominator: number, 
/**
 * The date it is of.
 */
asOf: string, 
/**
 * For recorded rates: the oldest date that any of them is of.
 */
oldest: string | null, 
/**
 * 口径: what was counted over what.
 */
basis: Label, 
/**
 * For recorded rates: the 口径 that the records themselves name; more than one says that unlike was summed.
 */
recordedBases: Array<string>, 
/**
 * Where the figure comes from.
 */
source: string, 
/**
 * How it is counted was inferred.
 */
inferred: boolean, 
/**
 * The records that make the numerator.
 */
counted: Array<RecordId>, 
/**
 * The records that make the denominator.
 */
among: Array<RecordId>, 
/**
 * The records that could not be counted.
 */
leftOut: Array<LeftOut>, 
/**
 * What it is compared with.
 */
compared: Array<Compared>, };

export type PlaceFigures = { 
/**
 * Its code.
 */
code: string, 
/**
 * Its name, where it is a record here.
 */
name: string, 
/**
 * Its level.
 */
level: Level, 
/**
 * The date that the figures are of.
 */
asOf: string, 
/**
 * The townships whose records were read: those of this laptop.
 */
scopes: Array<string>, 
/**
 * The figures, in the order of the catalog.
 */
figures: Array<Figure>, 
/**
 * What heads each record that a figure names.
 */
titles: { [key in RecordId]: string }, 
/**
 * The kind of each.
 */
kinds: { [key in RecordId]: string }, };

export type WorksStatus = "notBegun" | "underWay" | "built" | "stopped";

export type Amount = { 
/**
 * Of what; empty where the entry does not say.
 */
item: string, 
/**
 * How much, as a decimal.
 */
amount: string, 
/**
 * The unit's name in data.
 */
unit: string, };

export type Origin = { 
/**
 * A progress entry, or the works itself.
 */
record: RecordId, 
/**
 * Who wrote it.
 */
by: string, 
/**
 * When, by the writer's clock.
 */
at: string, 
/**
 * The entry that this one corrects, if it does.
 */
corrects?: RecordId | null, };

export type MonthRow = { 
/**
 * The works.
 */
works: RecordId, 
/**
 * Its number.
 */
number: string | null, 
/**
 * Its name.
 */
name: string, 
/**
 * Its village, by name where that is known.
 */
village: string, 
/**
 * The fund that pays for it; empty where none is named.
 */
fund: string, 
/**
 * The year of that money. Reports of before it was asked for do not say it.
 */
fundYear: number | null, 
/**
 * The document that granted it, by its number.
 */
fundDocument: string | null, 
/**
 * Whether it has begun, and ended.
 */
status: WorksStatus, 
/**
 * Its place in the lifecycle, as it is now.
 */
state: string | null, 
/**
 * How far it is built, in percent.
 */
percent: number | null, 
/**
 * 下达金额, in 分.
 */
granted: number | null, 
/**
 * 合同价, in 分.
 */
contractAmount: number | null, 
/**
 * 累计完成投资, in 分.
 */
paid: number | null, 
/**
 * 累计到位, in 分.
 */
received: number | null, 
/**
 * 累计支付, in 分.
 */
spent: number | null, 
/**
 * When work was to begin.
 */
plannedStart: string | null, 
/**
 * When it was to end.
 */
plannedEnd: string | null, 
/**
 * When it began.
 */
actualStart: string | null, 
/**
 * When it ended.
 */
actualEnd: string | null, 
/**
 * Why it has not begun, or was given up.
 */
reason: string | null, 
/**
 * At which stage it is.
 */
stage: string | null, 
/**
 * What was built so far.
 */
amounts: Array<Amount>, 
/**
 * What it does now that it is built.
 */
effect: string | null, 
/**
 * Problems.
 */
problem: string | null, 
/**
 * The plan for next month.
 */
nextPlan: string | null, 
/**
 * What the report asks for and the records do not say: `reason`, `stage`,
 * `entry` (none in this month), `amounts`, `effect`.
 */
missing: Array<string>, 
/**
 * Where each value comes from, by its name here.
 */
from: { [key in string]: Origin }, };

export type MonthTotal = { 
/**
 * The fund; empty for all, and for rows without one.
 */
fund: string, works: number, notBegun: number, underWay: number, built: number, stopped: number, granted: number, contractAmount: number, paid: number, received: number, spent: number, };

export type MonthReport = { 
/**
 * `YYYY-MM`.
 */
month: string, 
/**
 * The last day of the month: later entries are of the next one.
 */
asOf: string, 
/**
 * One for each works, by fund, village and number.
 */
rows: Array<MonthRow>, 
/**
 * All rows together.
 */
total: MonthTotal, 
/**
 * The same for each fund, in the order of the rows.
 */
funds: Array<MonthTotal>, 
/**
 * Of the entries read, those that another takes the place of.
 */
replaced: { [key in RecordId]: RecordId }, };

export type Cause = "entry" | "correction" | "edit" | "new" | "gone";

export type Because = { 
/**
 * Of which sort it is.
 */
cause: Cause, 
/**
 * The entry or edit, where it is known: a value that was taken out leaves none.
 */
origin: Origin | null, };

export type Difference = { 
/**
 * The works.
 */
works: RecordId, 
/**
 * Its number.
 */
number: string | null, 
/**
 * Its name.
 */
name: string, 
/**
 * The column; empty where the whole row is new or gone.
 */
column: string, 
/**
 * What it was; `null` for nothing.
 */
before: any, 
/**
 * What it is.
 */
after: any, 
/**
 * What brought it about.
 */
because: Because, };

export type MonthView = { 
/**
 * The township.
 */
scope: string, 
/**
 * Its record, once there is one.
 */
record: RecordId | null, 
/**
 * Where that stands in its lifecycle.
 */
state: string | null, 
/**
 * Handed in: the rows are those of that day, and nothing changes them.
 */
frozen: boolean, 
/**
 * When it was handed in.
 */
handedInOn: string | null, 
/**
 * The date by which it is due, where a rule says one.
 */
due: string | null, 
/**
 * How many days are left until then, negative once it is over; nothing once it was handed in.
 */
daysLeft: number | null, 
/**
 * The rows.
 */
report: MonthReport, 
/**
 * The month that it is held against: the one before, where that was handed in.
 */
previous: string | null, 
/**
 * What differs from that.
 */
differences: Array<Difference>, 
/**
 * What the records say by now, where that is not what was handed in.
 */
since: Array<Difference>, };

export type ReminderAbout = "monthReport" | "rectification" | "noticeTooShort" | "noticeEnds" | "remarkOpen" | "libraryExpiry" | "planDue" | "evaluationDue";

export type Reminder = { 
/**
 * What.
 */
about: ReminderAbout, 
/**
 * The record, where there is one.
 */
record: RecordId | null, 
/**
 * What heads it; for a report its month.
 */
title: string, 
/**
 * The township.
 */
scope: string, 
/**
 * By when.
 */
due: string, 
/**
 * How many days are left; negative once it is over.
 */
daysLeft: number, 
/**
 * The rule's source, where a rule sets the date.
 */
source: string | null, };

export type Judged = { 
/**
 * The sum of the items' scores, with two places.
 */
score: string, 
/**
 * The sum of their full scores.
 */
full: string, 
/**
 * The band of the sum out of 100; nothing where no item has a full score.
 */
band: Band | null, 
/**
 * The items that have no score yet.
 */
unscored: Array<RecordId>, 
/**
 * The items below the share that each must reach.
 */
tooLow: Array<RecordId>, 
/**
 * The rectifications that are not closed.
 */
open: Array<RecordId>, 
/**
 * Whether enough households are served; nothing where that is not asked, or not said.
 */
benefits: boolean | null, 
/**
 * Whether all of this lets it pass; nothing where it says too little.
 */
passes: boolean | null, 
/**
 * Where the rule comes from.
 */
source: string, 
/**
 * The rule was inferred.
 */
inferred: boolean, };

export type MapPoint = { 
/**
 * Its record; of a photo, the one that holds it.
 */
id: RecordId, 
/**
 * The kind of that record.
 */
kind: string, 
/**
 * What heads it.
 */
title: string, 
/**
 * Its state, where its kind has any.
 */
state: string | null, 
/**
 * Longitude in WGS-84.
 */
lon: number, 
/**
 * Latitude in WGS-84.
 */
lat: number, 
/**
 * Of a photo that was taken there: hex SHA-256.
 */
photo: string | null, };

export type FundSort = "allocated" | "arrived" | "advance" | "payment" | "retention" | "recovered" | "reversal";

export type FundSource = "central" | "province" | "city" | "district" | "town" | "village" | "villagers" | "labour" | "social" | "other";

export type PaymentStage = "entry" | "p30" | "p50" | "p70" | "p90" | "acceptance" | "retention";

export type FundEffect = "counts" | "reversed" | "reverses" | "reversesNothing" | "reversesAgain" | "unknown";

export type ExecutionBasis = "allocated" | "arrived";

export type ExecutionRate = { 
/**
 * 累计支付, in 分.
 */
numerator: number, 
/**
 * What it is held against, in 分; 0 where there is nothing, and no rate.
 */
denominator: number, 
/**
 * What that is.
 */
basis: ExecutionBasis, };

export type FundBalance = { 
/**
 * 下达.
 */
allocated: number, 
/**
 * 累计到位.
 */
arrived: number, 
/**
 * 预拨.
 */
advanced: number, 
/**
 * 支付.
 */
paid: number, 
/**
 * 质保金 that was paid out.
 */
released: number, 
/**
 * 结余收回.
 */
recovered: number, };

export type StageMissing = "notBegun" | "notBuilt" | "notAccepted" | "tooEarly" | "notGraded" | "gradeTooLow";

export type StageDue = { 
/**
 * The stage.
 */
stage: PaymentStage, 
/**
 * Its share in ten-thousandths.
 */
share: number, 
/**
 * What it comes to, in 分.
 */
amount: number, 
/**
 * The same with all stages before it.
 */
cumulative: number, 
/**
 * What was paid in its name.
 */
paid: number, 
/**
 * Whether the records have reached it.
 */
reached: boolean, 
/**
 * Since when, or, for retention, from when on it may be paid.
 */
on: string | null, 
/**
 * The record that says so.
 */
record: RecordId | null, 
/**
 * Why it is not reached.
 */
missing: StageMissing | null, };

export type ContractDue = { 
/**
 * The contract.
 */
contract: RecordId, 
/**
 * The price with approved variations, or the settled price where there is one; in 分.
 */
limit: number | null, 
/**
 * All that was paid on it.
 */
spent: number, 
/**
 * What the stages that are reached allow in all.
 */
allowed: number, 
/**
 * What may be paid now.
 */
payable: number, 
/**
 * The stages in order.
 */
stages: Array<StageDue>, 
/**
 * The clause that stages it.
 */
clause: string, };

export type FundAsked = { 
/**
 * Those of one application, works, contract or village.
 */
of: RecordId | null, 
/**
 * Those up to and with this day.
 */
asOf: string | null, 
/**
 * Those dated in this year, as four digits.
 */
year: string | null, 
/**
 * Those of this sort, and their reversals.
 */
sort: FundSort | null, 
/**
 * Those of this level.
 */
level: FundSource | null, };

export type FundSum = { 
/**
 * 累计支付: advances, payments and released retention.
 */
spent: number, 
/**
 * 结余.
 */
left: number, 
/**
 * 执行率.
 */
execution: ExecutionRate, 
/**
 * 下达.
 */
allocated: number, 
/**
 * 累计到位.
 */
arrived: number, 
/**
 * 预拨.
 */
advanced: number, 
/**
 * 支付.
 */
paid: number, 
/**
 * 质保金 that was paid out.
 */
released: number, 
/**
 * 结余收回.
 */
recovered: number, };

export type FundHome = { 
/**
 * The record.
 */
id: RecordId, 
/**
 * What heads it.
 */
title: string, };

export type FundLine = { 
/**
 * The entry.
 */
id: RecordId, number: string, dated: string, 
/**
 * Which way its money goes: of a reversal, as with the entry that it undoes.
 */
sort: FundSort | null, level: FundSource, stage: PaymentStage | null, 
/**
 * What it does.
 */
effect: FundEffect, 
/**
 * What it adds to its sum, in 分; below zero for a reversal.
 */
amount: number, application: FundHome | null, works: FundHome | null, contract: FundHome | null, documentNumber: string, invoice: string, payee: string, handler: string, reviewer: string, note: string, 
/**
 * The entry that it undoes.
 */
reverses: RecordId | null, 
/**
 * 累计到位, in 分.
 */
arrived: number, 
/**
 * 累计支付, in 分.
 */
spent: number, 
/**
 * 结余, in 分.
 */
left: number, };

export type FundList = { 
/**
 * The entries, each with what was there after it.
 */
entries: Array<FundLine>, 
/**
 * All of them together.
 */
total: FundSum, };

export type FundPart = { 
/**
 * The record's id, the level's name or the year; empty for what belongs to none.
 */
key: string, 
/**
 * What heads it; of a level and a year nothing.
 */
title: string, 
/**
 * What it comes to.
 */
sum: FundSum, };

export type FundBalances = { 
/**
 * The day that they are of.
 */
asOf: string, 
/**
 * All together.
 */
total: FundSum, 
/**
 * By application.
 */
applications: Array<FundPart>, 
/**
 * By works.
 */
works: Array<FundPart>, 
/**
 * By contract.
 */
contracts: Array<FundPart>, 
/**
 * By level.
 */
levels: Array<FundPart>, 
/**
 * By year.
 */
years: Array<FundPart>, 
/**
 * What does not hold of the books.
 */
findings: Array<FindingView>, };

export type PaymentDue = { 
/**
 * What the contract is called.
 */
title: string, 
/**
 * The application that pays for it.
 */
application: FundHome | null, 
/**
 * How much of what may be paid the money covers that is on the account.
 */
covered: number, 
/**
 * The contract.
 */
contract: RecordId, 
/**
 * The price with approved variations, or the settled price where there is one; in 分.
 */
limit: number | null, 
/**
 * All that was paid on it.
 */
spent: number, 
/**
 * What the stages that are reached allow in all.
 */
allowed: number, 
/**
 * What may be paid now.
 */
payable: number, 
/**
 * The stages in order.
 */
stages: Array<StageDue>, 
/**
 * The clause that stages it.
 */
clause: string, };

export type SourceAmount = { 
/**
 * The source.
 */
level: FundSource, 
/**
 * In 分.
 */
amount: number, };

export type SourceMoney = { 
/**
 * The source.
 */
level: FundSource, 
/**
 * What the applications plan to get from it.
 */
planned: number, 
/**
 * What came and went.
 */
sum: FundSum, };

export type YearMoney = { 
/**
 * As four digits.
 */
year: string, 
/**
 * What came and went in it.
 */
sum: FundSum, 
/**
 * What arrived in it, by source.
 */
arrived: Array<SourceAmount>, };

export type FundMonth = { 
/**
 * `YYYY-MM`.
 */
month: string, 
/**
 * 累计到位.
 */
arrived: number, 
/**
 * 累计支付.
 */
spent: number, };

export type FundPlan = { 
/**
 * The application.
 */
id: RecordId, 
/**
 * What heads it.
 */
title: string, 
/**
 * Its total.
 */
planned: number, 
/**
 * What came and went.
 */
sum: FundSum, };

export type FundChart = { 
/**
 * By source, in the order of the levels: what was planned beside what came and went.
 */
sources: Array<SourceMoney>, 
/**
 * By year.
 */
years: Array<YearMoney>, 
/**
 * So far in all, month by month; months without an entry are left out.
 */
months: Array<FundMonth>, 
/**
 * By application: what it is planned to cost beside what was paid.
 */
plans: Array<FundPlan>, };

export type VillageMoney = { 
/**
 * The village.
 */
village: RecordId, 
/**
 * The years, the earliest first.
 */
years: Array<YearMoney>, 
/**
 * Money of applications for several villages that no works or contract ties to one:
 * it is in no year above, for nobody has said how it is divided.
 */
shared: FundSum, };

export type ScoreBand = { 
/**
 * Its name in data.
 */
name: string, 
/**
 * Its name on the screen.
 */
label: Label, 
/**
 * The least percentage of it.
 */
at_least: string, };

export type TargetScore = { 
/**
 * The target.
 */
target: RecordId, 
/**
 * 一级指标, by its name in data.
 */
level: string, 
/**
 * 二级指标, by its name in data.
 */
aspect: string, 
/**
 * 三级指标.
 */
name: string, 
/**
 * ★.
 */
core: boolean, 
/**
 * 指标值 with its direction and unit.
 */
goal: string, 
/**
 * 实际完成值.
 */
actual: string, 
/**
 * 完成率, in percent with two places; nothing for words.
 */
completion: string | null, 
/**
 * The band of the completion.
 */
band: ScoreBand | null, 
/**
 * 分值, with two places.
 */
weight: string, 
/**
 * 得分, with two places; nothing while it cannot be said.
 */
score: string | null, 
/**
 * It is a person's score, and not computed.
 */
given: boolean, 
/**
 * 偏差原因及改进措施.
 */
deviation: string, };

export type ExecutionScore = { 
/**
 * 年初预算数, in 分.
 */
initial: number | null, 
/**
 * 全年预算数, in 分.
 */
budget: number, 
/**
 * 其中上年结转, in 分.
 */
carriedOver: number | null, 
/**
 * 全年执行数, in 分.
 */
spent: number, 
/**
 * 执行率, in percent with two places; nothing without a budget.
 */
rate: string | null, 
/**
 * 分值.
 */
weight: string, 
/**
 * 得分.
 */
score: string | null, };

export type EvaluationProblem = { "problem": "levelEmpty", "fields": { 
/**
 * The level.
 */
level: string, } } | { "problem": "weightsOff", "fields": { 
/**
 * The level.
 */
level: string, 
/**
 * What they come to.
 */
given: string, 
/**
 * What the level weighs.
 */
weight: string, } } | { "problem": "unscored", "fields": { 
/**
 * The target.
 */
target: RecordId, } } | { "problem": "outsideBand", "fields": { 
/**
 * The target.
 */
target: RecordId, 
/**
 * What the person gave.
 */
given: string, } } | { "problem": "deviationMissing", "fields": { 
/**
 * The target.
 */
target: RecordId, } } | { "problem": "noBudget" } | { "problem": "executionOver" };

export type SelfEvaluation = { 
/**
 * The targets, by level as the rule orders them.
 */
rows: Array<TargetScore>, 
/**
 * The line of the money.
 */
execution: ExecutionScore, 
/**
 * The sum of the scores, with two places.
 */
total: string, 
/**
 * What they could come to.
 */
full: string, 
/**
 * The grade; nothing while something has no score.
 */
grade: Band | null, 
/**
 * Targets without a score.
 */
unscored: number, 
/**
 * What stands against handing it in.
 */
problems: Array<EvaluationProblem>, 
/**
 * Where the rule comes from.
 */
source: string, 
/**
 * The rule was inferred.
 */
inferred: boolean, };

export type EvaluationView = { 
/**
 * The application.
 */
application: RecordId, 
/**
 * What it is called.
 */
title: string, 
/**
 * The year whose money is counted.
 */
year: number, 
/**
 * Its record, once there is one.
 */
record: RecordId | null, 
/**
 * Where that stands in its lifecycle.
 */
state: string | null, 
/**
 * Handed in: the figures are those of that day.
 */
frozen: boolean, 
/**
 * When it was handed in.
 */
handedInOn: string | null, 
/**
 * What it comes to.
 */
evaluation: SelfEvaluation, 
/**
 * What the records come to by now, where that is not what was handed in.
 */
since: SelfEvaluation | null, };

export type SettledSince = { 
/**
 * 应奖补, in 分.
 */
due: number, 
/**
 * 已预拨, in 分.
 */
prepaid: number, };

export type SettlementRow = { 
/**
 * Its record, once there is one.
 */
record: RecordId | null, 
/**
 * Where that stands in its lifecycle.
 */
state: string | null, 
/**
 * Handed in: the figures are those of that day.
 */
frozen: boolean, 
/**
 * The village.
 */
village: RecordId, 
/**
 * What it is called.
 */
title: string, 
/**
 * 完成量, in words.
 */
quantities: string, 
/**
 * 审定投资, in 分.
 */
audited: number | null, 
/**
 * 计算过程, in words.
 */
steps: string, 
/**
 * 应奖补, in 分.
 */
due: number, 
/**
 * 已预拨, in 分.
 */
prepaid: number, 
/**
 * 扣减, in 分.
 */
deduction: number, 
/**
 * 本次应拨, in 分; below zero it is to be paid back.
 */
payable: number, 
/**
 * The fields that must be filled before it is handed in.
 */
missing: Array<string>, 
/**
 * What is due and was paid by now, where that is not what was handed in.
 */
since: SettledSince | null, };

export type SettlementView = { 
/**
 * The application.
 */
application: RecordId, 
/**
 * What it is called.
 */
title: string, 
/**
 * The programme with its version.
 */
rule: string, 
/**
 * One row for each village.
 */
rows: Array<SettlementRow>, 
/**
 * 应奖补 of all, in 分.
 */
due: number, 
/**
 * 已预拨 of all, in 分.
 */
prepaid: number, 
/**
 * 扣减 of all, in 分.
 */
deduction: number, 
/**
 * 本次应拨 of all, in 分.
 */
payable: number, };

export type ProgrammeUnit = "application" | "village" | "works";

export type ProgrammePrimitive = "fixed" | "perUnit" | "percent" | "matching" | "cap" | "band" | "staged" | "prepay";

export type FundLevel = "central" | "province" | "city" | "district" | "town" | "village" | "villagers" | "labour" | "social" | "other";

export type ProgrammeCase = { 
/**
 * The day on which it is computed.
 */
date?: string | null, 
/**
 * What belongs to the application.
 */
application: Record<string, unknown>, 
/**
 * Its villages.
 */
villages: Array<Record<string, unknown>>, 
/**
 * Its works.
 */
works: Array<Record<string, unknown>>, };

export type ProgrammeOf = { 
/**
 * The application, a village or a works.
 */
unit: ProgrammeUnit, 
/**
 * Its id in the case; empty for the application.
 */
id: string, 
/**
 * Its name.
 */
name: string, };

export type ProgrammeStepInput = { 
/**
 * `village.households`, or the name of an earlier step.
 */
name: string, 
/**
 * Its name on paper.
 */
label: Label, 
/**
 * 分 for money, text for all else.
 */
value: unknown, 
/**
 * As it is said.
 */
words: Label, };

export type ProgrammeStep = { 
/**
 * The rule.
 */
rule: string, 
/**
 * Its name on paper.
 */
label: Label, 
/**
 * Which of the eight it is.
 */
primitive: ProgrammePrimitive, 
/**
 * The clause as a person cites it.
 */
clause: string, 
/**
 * What the clause says.
 */
clauseText: Label, 
/**
 * Where the clause was read.
 */
source: string, 
/**
 * It was inferred.
 */
inferred: boolean, 
/**
 * For what it was computed.
 */
of: ProgrammeOf, 
/**
 * With what.
 */
inputs: Array<ProgrammeStepInput>, 
/**
 * In 分.
 */
result: number, 
/**
 * In words and figures.
 */
words: Label, };

export type ProgrammeShare = { 
/**
 * Who.
 */
level: FundLevel, 
/**
 * Its name on paper.
 */
label: Label, 
/**
 * The step of which it is a share.
 */
step: string, 
/**
 * How much of it, where not all: `50%`.
 */
percent: string | null, 
/**
 * In 分.
 */
amount: number, 
/**
 * The clause as a person cites it.
 */
clause: string, 
/**
 * It was inferred.
 */
inferred: boolean, };

export type ProgrammeStage = { 
/**
 * The rule.
 */
rule: string, 
/**
 * For what.
 */
of: ProgrammeOf, 
/**
 * Its name: entry, p30 … acceptance, retention; advance or settlement.
 */
name: string, 
/**
 * Its name on paper.
 */
label: Label, 
/**
 * Its part: `20%`; nothing for a settlement.
 */
percent: string | null, 
/**
 * In 分; below zero, it is to be paid back.
 */
amount: number, 
/**
 * Whether it is due; nothing where the case says too little to know.
 */
due: boolean | null, 
/**
 * It is held back as 质保金.
 */
retention: boolean, 
/**
 * What is not known yet, where that keeps it open.
 */
unknown: Array<AmountProblem>, };

export type AmountProblem = { "code": "amountInputMissing", "fields": { input: string, label: string, who: string, } } | { "code": "amountInputWrong", "fields": { input: string, label: string, who: string, given: string, expected: string, } } | { "code": "amountNoBand", "fields": { rule: string, who: string, score: string, } } | { "code": "amountTooLarge", "fields": { rule: string, who: string, } } | { "code": "amountNoVillages", "fields": { rule: string, } } | { "code": "amountNoWorks", "fields": { rule: string, } } | { "code": "amountVillageUnknown", "fields": { who: string, } } | { "code": "amountUnitTwice", "fields": { who: string, } } | { "code": "amountCaseTooLarge", "fields": { most: string, } };

export type ProgrammeAmount = { 
/**
 * The programme's code.
 */
programme: string, 
/**
 * Its version.
 */
version: number, 
/**
 * Hex SHA-256 of its text.
 */
digest: string, 
/**
 * All that is paid, in 分.
 */
total: number, 
/**
 * What of it the application asks for, where others only match it.
 */
asked: number, 
/**
 * From whom; the shares come to the total to the last 分.
 */
shares: Array<ProgrammeShare>, 
/**
 * When; those of each base come to it to the last 分.
 */
stages: Array<ProgrammeStage>, 
/**
 * What is missing for steps beside the total, which are left out.
 */
open: Array<AmountProblem>, 
/**
 * How it was computed, in order.
 */
trace: Array<ProgrammeStep>, };

export type ProgrammeDemand = { 
/**
 * The sort of the document, by its name in the catalog.
 */
sort: string, 
/**
 * Whether it is asked for; nothing where the case says too little to know.
 */
asked: boolean | null, 
/**
 * The clause that asks for it.
 */
clause: string, 
/**
 * That clause was inferred.
 */
inferred: boolean, };

export type ProgrammeDiffers = { 
/**
 * The field of the application: `requested`, `central` …
 */
field: string, 
/**
 * What stands there, in 分; nothing where it is empty.
 */
said: number | null, 
/**
 * What was computed, in 分.
 */
computed: number, };

export type ProgrammePart = { 
/**
 * applicant, category, requirement, excluded, document, clock, rule, share.
 */
sort: string, 
/**
 * Its name in data.
 */
name: string, 
/**
 * Its name on paper, where it has one of its own.
 */
label: Label | null, 
/**
 * For a rule: which primitive it is.
 */
primitive: ProgrammePrimitive | null, 
/**
 * For a rule or requirement: of what it is computed.
 */
of: ProgrammeUnit | null, 
/**
 * The clause as a person cites it.
 */
clause: string, 
/**
 * What the clause says.
 */
text: Label | null, 
/**
 * Where it was read.
 */
source: string, 
/**
 * It was inferred.
 */
inferred: boolean, };

export type ProgrammeView = { 
/**
 * The record of it; nothing for one that ships.
 */
id: RecordId | null, 
/**
 * `shipped`, or the state of its record: drafted, published, retired.
 */
state: string, 
/**
 * Its name in data.
 */
code: string, 
/**
 * Which version.
 */
version: number, 
/**
 * Its name on paper.
 */
name: Label, 
/**
 * 文号.
 */
document: string, 
/**
 * Who issued it.
 */
issuer: string, 
/**
 * promote, reward, agriculture, pilot.
 */
sort: string, 
/**
 * environment or agriculture.
 */
stream: string, 
/**
 * From which level it is paid.
 */
level: string, 
/**
 * Where it holds.
 */
area: string, 
/**
 * From when.
 */
from: string, 
/**
 * Until when.
 */
until: string | null, 
/**
 * What there is to say about it.
 */
note: Label | null, 
/**
 * How many of its clauses were inferred.
 */
inferred: number, 
/**
 * Hex SHA-256 of its text.
 */
digest: string, 
/**
 * What it asks for and pays, in order.
 */
parts: Array<ProgrammePart>, 
/**
 * The whole text, as it is edited.
 */
text: string, };

export type PlacedProblem = { 
/**
 * `rule.reward`, `share[2]`; empty for the whole.
 */
place: string, 
/**
 * What is wrong there.
 */
problem: ErrorView, };

export type ProgrammeChecked = { 
/**
 * It can be published.
 */
ok: boolean, 
/**
 * Everything that is wrong.
 */
problems: Array<PlacedProblem>, 
/**
 * What was read, where nothing is wrong.
 */
programme: ProgrammeView | null, };

export type CaseTried = { 
/**
 * What is wrong with the programme itself.
 */
wrong: Array<PlacedProblem>, 
/**
 * What the case lacks.
 */
problems: Array<ErrorView>, 
/**
 * What it comes to.
 */
amount: ProgrammeAmount | null, 
/**
 * The papers that it asks for.
 */
documents: Array<ProgrammeDemand>, };

export type PastTried = { 
/**
 * The application.
 */
application: RecordId, 
/**
 * What heads it.
 */
title: string, 
/**
 * Where it stands.
 */
state: string, 
/**
 * The version that it is made under.
 */
frozenVersion: number, 
/**
 * What it asks for, in 分.
 */
requested: number | null, 
/**
 * What it may ask for under its own version, in 分.
 */
frozen: number | null, 
/**
 * What it might ask for under the other, in 分.
 */
tried: number | null, 
/**
 * Why the other comes to nothing.
 */
problems: Array<ErrorView>, };

export type AmountView = { 
/**
 * The application.
 */
application: RecordId, 
/**
 * The record of the programme version.
 */
policy: RecordId, 
/**
 * Its code, version and name, for a heading.
 */
programme: string, 
/**
 * Its version.
 */
version: number, 
/**
 * Hex SHA-256 of its text.
 */
digest: string, 
/**
 * The day on which it was computed; dates that have passed by then count.
 */
date: string, 
/**
 * All that is paid, in 分; nothing where it cannot be computed.
 */
total: number | null, 
/**
 * What of it the application may ask for, in 分.
 */
asked: number | null, 
/**
 * From whom.
 */
shares: Array<ProgrammeShare>, 
/**
 * When.
 */
stages: Array<ProgrammeStage>, 
/**
 * How it was computed.
 */
trace: Array<ProgrammeStep>, 
/**
 * What is missing for steps beside the total, which are left out.
 */
open: Array<ErrorView>, 
/**
 * Why it cannot be computed.
 */
problems: Array<ErrorView>, 
/**
 * What stands in the application and is not what was computed.
 */
differences: Array<ProgrammeDiffers>, };
