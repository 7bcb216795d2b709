/**
 * Roles and managed policies as the IAM API sees them: the same tables that templates provision and that every decision reads, so that
 * what a program creates is enforced from its next call on.
 */
import type { Table } from "./store.ts";

export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly trust: object;
  readonly inline: Readonly<Record<string, object>>;
  /** ARNs of managed policies, in the order in which they were attached. */
  readonly managed: readonly string[];
  readonly boundary?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Of roles made through the API: epoch milliseconds. */
  readonly createdAt?: number;
  readonly description?: string;
  readonly maxSessionSeconds?: number;
}

/** A policy that names the roles it is attached to: AWS::IAM::Policy (no ARN of its own) or AWS::IAM::ManagedPolicy. */
export interface AttachedPolicy {
  readonly name: string;
  readonly document: object;
  readonly roles: readonly string[];
  /** Of policies made through the API: epoch milliseconds. */
  readonly createdAt?: number;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Identities {
  /** By name. */
  readonly roles: Table<Role>;
  /** By ARN; a template's inline policies are here too, under names that are no ARNs. */
  readonly policies: Table<AttachedPolicy>;
  /** The document of a policy of AWS's own that the embedded cloud knows. */
  awsPolicy(arn: string): object | undefined;
  /** The ARNs of those. */
  awsPolicies(): string[];
  /** The id that IAM gives to whatever has this ARN: `AROA…`, `ANPA…`. */
  idOf(prefix: string, arn: string): string;
  /** Refuses a policy document that is malformed. */
  check(document: object): void;
  /** Durable when resolved. */
  commit(): Promise<void>;
}
