/** What a bucket's policy has to say so that Personalize may read and write it. */
export const bucketPolicy = (bucket: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "personalize.amazonaws.com" },
        Action: ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      },
    ],
  });
