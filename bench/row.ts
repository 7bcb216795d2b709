/** One measured line of a benchmark. Ratios are against a reference measured in the same run. */
export interface Row {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** What ARCHITECTURE.md or an issue asks for; "" where nothing does. */
  readonly target: string;
}
