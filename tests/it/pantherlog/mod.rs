//! `pantherlog`: logs from files, pipes and S3 become events.
