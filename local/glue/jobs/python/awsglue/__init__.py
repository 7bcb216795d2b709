"""What a job that needs no Spark imports of AWS Glue's own library."""
