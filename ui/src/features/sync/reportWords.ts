/** What came of an exchange, in words; only what happened is said. */
import type { ExchangeEntry, SyncReport } from "@/backend";
import { printBytes } from "@/shared/format/numbers";

type Say = (key: string, blanks?: Record<string, unknown>) => string;

export function reportParts(report: SyncReport, t: Say): string[] {
  const { verdicts, attachments } = report;
  return [
    report.pushed > 0 && t("sync.didPush", { count: report.pushed }),
    report.pulled > 0 && t("sync.didPull", { count: report.pulled }),
    report.filled > 0 && t("sync.didFill", { count: report.filled }),
    report.returned > 0 && t("sync.didReturn", { count: report.returned }),
    report.reborn && t("sync.didBeginAnew"),
    verdicts.merged > 0 && t("sync.didMerge", { count: verdicts.merged }),
    verdicts.conflict > 0 && t("sync.didConflict", { count: verdicts.conflict }),
    verdicts.refused > 0 && t("sync.didRefuse", { count: verdicts.refused }),
    verdicts.waiting > 0 && t("sync.didWait", { count: verdicts.waiting }),
    attachments.sent > 0 && t("sync.didSend", { count: attachments.sent }),
    attachments.received > 0 && t("sync.didReceive", { count: attachments.received }),
    report.rules === "taken" && t("sync.didTakeRules"),
    report.rules === "tooNew" && t("sync.rulesTooNew"),
  ].filter((part): part is string => Boolean(part));
}

const joined = (parts: string[], t: Say) => `${parts.join(t("sync.comma"))}${t("sync.stop")}`;

export function reportWords(report: SyncReport, t: Say): string {
  const parts = reportParts(report, t);
  return parts.length > 0 ? joined(parts, t) : t("sync.didNothing");
}

/** A line of the log without its refusal, which has words of its own. */
export function entryWords({ outcome }: ExchangeEntry, t: Say): string {
  const parts: string[] = [];
  if (outcome.written) {
    const { changes, changesLeft, carried, left } = outcome.written;
    parts.push(t("sync.wrote", { changes, files: carried.files, size: printBytes(carried.bytes) }));
    if (changesLeft + left.files > 0) parts.push(t("sync.wroteLeft", { changes: changesLeft, files: left.files }));
  }
  if (outcome.report) parts.push(...reportParts(outcome.report, t));
  if (parts.length > 0) return joined(parts, t);
  return outcome.error ? "" : t("sync.didNothing");
}
