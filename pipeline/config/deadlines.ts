/** How long each wait may take before the run fails, and how often it looks meanwhile (rule R8). */
import * as z from "zod";

const positive = z.number().positive();

export const Deadlines = z.strictObject({
  settleMinutes: positive.default(30).describe("until uploads are quiet, at most; then the run takes what is there"),
  preparationHours: positive.default(6).describe("for the preparation job"),
  qualityMinutes: positive.default(60).describe("for Glue Data Quality to look at each dataset"),
  resourcesMinutes: positive.default(30).describe("until dataset group and datasets are ACTIVE"),
  importHours: positive.default(6).describe("for each import job"),
  trainingHours: positive.default(24).describe("for each solution version"),
  stopLateTraining: z
    .boolean()
    .default(false)
    .describe("at the deadline ask the service to stop the training: billed up to there, and not resumable"),
  campaignHours: positive.default(2).describe("for a campaign to take a version"),
  followUpHours: positive.default(8).describe("for filters, recommenders and batch jobs"),
  cleanupHours: positive.default(4).describe("for a cleanup to take everything down"),
});

export const PollSeconds = z.strictObject({
  preparation: z.int().positive().default(60).describe("at the preparation job"),
  quality: z.int().positive().default(60).describe("at a data quality run"),
  resources: z.int().positive().default(15).describe("between two looks at a dataset group or dataset"),
  import: z.int().positive().default(180).describe("at an import job"),
  training: z.int().positive().default(300).describe("at a solution version"),
  campaign: z.int().positive().default(90).describe("at a campaign"),
  followUp: z.int().positive().default(120).describe("at filters, recommenders and batch jobs"),
  cleanup: z.int().positive().default(30).describe("at what a cleanup is deleting"),
});
