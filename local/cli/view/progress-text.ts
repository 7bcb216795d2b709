/** What a job under way and a job done look like in words. Pure. */
import type { Progress } from "../../cloud/ports/service.ts";

export type Training = Extract<Progress, { kind: "training" }>;
/** Jobs that read files: imports and batch jobs. */
export type FileJob = Extract<Progress, { kind: "import" | "batch" }>;

/** "0:07", "12:30", "1:02:03". */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Nothing can be said of the time left before this share is done. */
const leastShareForEstimate = 0.02;

export function describeTraining(training: Training): string {
  const { recipe, fraction, epoch, epochs, loss, metric, phase, secondsLeft } = training;
  const parts = [
    `training ${recipe}`,
    `${Math.floor(fraction * 100)}%`,
    phase,
    epochs > 1 ? `epoch ${Math.min(epoch, epochs)} of ${epochs}` : undefined,
    loss === undefined ? undefined : `loss ${loss.toFixed(3)}`,
    metric === undefined ? undefined : `${metric.name} ${metric.value.toFixed(4)}`,
    secondsLeft === undefined || fraction < leastShareForEstimate ? undefined : `about ${clockText(secondsLeft)} left`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

export function describeTrained({ recipe, epochs, loss }: Training, seconds: number): string {
  const parts = [
    `trained ${recipe} in ${clockText(seconds)}`,
    epochs > 1 ? `${epochs} epochs` : undefined,
    loss === undefined ? undefined : `loss ${loss.toFixed(3)}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

const counted = (count: number, noun: string) => `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
const read = (job: FileJob) => (job.kind === "import" ? counted(job.rows, "row") : counted(job.records, "record"));
const nameIn = (arn: string) => arn.split("/").at(-1) ?? arn;

export function describeFileJob(job: FileJob): string {
  const { kind, jobArn, bytes, totalBytes } = job;
  const share = totalBytes > 0 ? `, ${Math.floor((100 * bytes) / totalBytes)}%` : "";
  return `${kind === "import" ? "importing" : "answering"} ${nameIn(jobArn)}: ${read(job)}${share}`;
}

export const describeFileJobDone = (job: FileJob): string =>
  `${job.kind === "import" ? "imported" : "answered"} ${nameIn(job.jobArn)}: ${read(job)}`;

/** "[####......]", `width` marks between the brackets. */
export function bar(fraction: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return `[${"#".repeat(filled)}${".".repeat(width - filled)}]`;
}
