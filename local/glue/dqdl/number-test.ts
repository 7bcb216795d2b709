/** A number against a condition. */
import type { Condition, Operand } from "./ruleset.ts";

/** `between` leaves its bounds out, as the language defines it. */
export function meetsNumber(value: number, { operator, operands }: Condition): boolean {
  const [first = Number.NaN, second = Number.NaN] = operands.map(numberOf);
  switch (operator) {
    case "=":
      return value === first;
    case "!=":
      return value !== first;
    case "<":
      return value < first;
    case "<=":
      return value <= first;
    case ">":
      return value > first;
    case ">=":
      return value >= first;
    case "between":
      return value > first && value < second;
    case "not between":
      return value <= first || value >= second;
    case "in":
      return operands.some((operand) => numberOf(operand) === value);
    case "not in":
      return !operands.some((operand) => numberOf(operand) === value);
    default:
      return false;
  }
}

/** Durations in hours. NaN for what is no number. */
export function numberOf(operand: Operand | undefined): number {
  if (operand?.kind === "number") return operand.value;
  if (operand?.kind !== "duration") return Number.NaN;
  const { amount, unit } = operand.duration;
  return amount * { days: 24, hours: 1, minutes: 1 / 60 }[unit];
}
