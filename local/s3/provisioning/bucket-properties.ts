/** A bucket's properties in CloudFormation's spelling, as the API's configurations; pure. */

type Json = Readonly<Record<string, unknown>>;

const objectOf = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** Drops undefined members, so that equal templates give equal JSON. */
const defined = (value: Json): Json =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));

function encryption(property: unknown): Json | undefined {
  const rules = listOf(objectOf(property).ServerSideEncryptionConfiguration);
  if (rules.length === 0) return undefined;
  return {
    Rules: rules.map((rule) =>
      defined({
        ApplyServerSideEncryptionByDefault: rule.ServerSideEncryptionByDefault,
        BucketKeyEnabled: rule.BucketKeyEnabled ?? false,
      }),
    ),
  };
}

/** EventBridge is on by default wherever its configuration appears. */
function notification(property: unknown): Json | undefined {
  const eventBridge = objectOf(property).EventBridgeConfiguration;
  if (eventBridge === undefined) return undefined;
  const { EventBridgeEnabled = true } = objectOf(eventBridge);
  const isOn = EventBridgeEnabled === true || EventBridgeEnabled === "true";
  return isOn ? { EventBridgeConfiguration: {} } : {};
}

function lifecycleRule(rule: Json): Json {
  const noncurrent = objectOf(rule.NoncurrentVersionExpiration);
  const expiration = defined({
    Days: rule.ExpirationInDays,
    Date: rule.ExpirationDate,
    ExpiredObjectDeleteMarker: rule.ExpiredObjectDeleteMarker,
  });
  return defined({
    ID: rule.Id,
    Status: rule.Status,
    Filter: { Prefix: rule.Prefix ?? "" },
    Expiration: Object.keys(expiration).length > 0 ? expiration : undefined,
    NoncurrentVersionExpiration:
      rule.NoncurrentVersionExpiration || rule.NoncurrentVersionExpirationInDays
        ? defined({
            NoncurrentDays: noncurrent.NoncurrentDays ?? rule.NoncurrentVersionExpirationInDays,
            NewerNoncurrentVersions: noncurrent.NewerNoncurrentVersions,
          })
        : undefined,
    AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
    Transitions: Array.isArray(rule.Transitions) ? listOf(rule.Transitions).map(transition) : undefined,
  });
}

const transition = ({ TransitionInDays, TransitionDate, StorageClass }: Json): Json =>
  defined({ Days: TransitionInDays, Date: TransitionDate, StorageClass });

function lifecycle(property: unknown): Json | undefined {
  const rules = listOf(objectOf(property).Rules);
  return rules.length === 0 ? undefined : { Rules: rules.map(lifecycleRule) };
}

function tagging(property: unknown): Json | undefined {
  const tags = listOf(property);
  return tags.length === 0 ? undefined : { TagSet: tags };
}

/** The configurations that the template states; what it does not state stays as it is. */
export function fromCloudFormation(properties: Json): Json {
  return defined({
    versioning: properties.VersioningConfiguration,
    encryption: encryption(properties.BucketEncryption),
    publicAccessBlock: properties.PublicAccessBlockConfiguration,
    ownershipControls: properties.OwnershipControls,
    notification: notification(properties.NotificationConfiguration),
    lifecycle: lifecycle(properties.LifecycleConfiguration),
    tagging: tagging(properties.Tags),
  });
}
