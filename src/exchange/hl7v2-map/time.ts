/**
 * Times of HL7 v2 and of FHIR. A time without an offset is Swedish wall-clock time, also in summer; precision is kept.
 * SPEC EXCH-MAP-TIME · HL7 v2.5 chapter 2A.22, RIV-TA (times are Europe/Stockholm)
 */
import { isRealDate, isoLocal, zonedStart } from "../../base/index.ts";

const TIME = /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(\.\d{1,4})?)?)?)?)?)?([+-]\d{4})?$/;

/** A FHIR dateTime; undefined for what is no time. Seconds that were not said are zero, as FHIR asks. */
export function toDateTime(hl7: string): string | undefined {
  const [, year, month, day, hour, minute = "00", second = "00", fraction = "", zone] = TIME.exec(hl7) ?? [];
  if (year === undefined) return undefined;
  if (hour === undefined) return toDate(hl7);
  const isTime = isRealDate(Number(year), Number(month), Number(day)) && Number(hour) < 24 && Number(minute) < 60;
  if (!isTime || Number(second) > 59) return undefined;
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  if (zone !== undefined) return `${wall}${fraction}${offsetOf(zone)}`;
  const at = zonedStart(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second));
  const local = isoLocal(at);
  return `${local.slice(0, 19)}${fraction}${local.slice(23)}`;
}

function offsetOf(zone: string): string {
  return `${zone.slice(0, 3)}:${zone.slice(3)}`;
}

/** A FHIR date (a year, a month or a day), whatever time comes after it. */
export function toDate(hl7: string): string | undefined {
  const [, year, month, day] = TIME.exec(hl7) ?? [];
  if (year === undefined) return undefined;
  if (!isRealDate(Number(year), Number(month ?? "1"), Number(day ?? "1"))) return undefined;
  return [year, month, day].filter((one) => one !== undefined).join("-");
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,4})?\d*(Z|[+-]\d\d:\d\d)$/;

/** The HL7 time of a FHIR date, dateTime or instant, with its own offset; undefined for what is none. */
export function toHl7Time(fhir: string): string | undefined {
  if (/^\d{4}(-\d\d(-\d\d)?)?$/.test(fhir)) return fhir.replaceAll("-", "");
  const [, year, month, day, hour, minute, second, fraction = "", zone = ""] = INSTANT.exec(fhir) ?? [];
  if (year === undefined) return undefined;
  const offset = zone === "Z" ? "+0000" : zone.replace(":", "");
  return `${year}${month}${day}${hour}${minute}${second}${fraction}${offset}`;
}

/** `hh:mm:ss` of HL7's TM, which has no day. */
export function toTime(hl7: string): string | undefined {
  const [, hour, minute, second = "00"] = /^([01]\d|2[0-3])([0-5]\d)([0-5]\d)?$/.exec(hl7) ?? [];
  return hour === undefined ? undefined : `${hour}:${minute}:${second}`;
}

/** For comparing moments; NaN for what is no moment. */
export function momentOf(fhir: string | undefined): number {
  return fhir === undefined ? Number.NaN : Date.parse(fhir);
}
