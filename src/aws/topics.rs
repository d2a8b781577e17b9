//! SNS, the reading side: who is subscribed to a topic.

use super::{Session, service_error};
use crate::error::ServiceError;

/// What SNS writes in place of a subscription's ARN until its endpoint has confirmed it.
const PENDING: &str = "PendingConfirmation";

/// A subscription of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// `sqs`, `lambda`, `https`, ...
    pub protocol: String,
    /// The ARN or address that gets the messages.
    pub endpoint: String,
    /// The endpoint has not confirmed it, so that nothing is delivered.
    pub pending: bool,
}

/// All subscriptions of a topic, asked in the topic's own region.
///
/// # Errors
/// What SNS answers.
pub async fn subscriptions(session: &Session, topic_arn: &str) -> Result<Vec<Subscription>, ServiceError> {
    let region = topic_arn.split(':').nth(3).unwrap_or(&session.region).to_owned();
    let session = session.in_region(region);
    let config = aws_sdk_sns::config::Builder::from(session.config()).interceptor(session.clock.clone()).build();
    let call = aws_sdk_sns::Client::from_conf(config).list_subscriptions_by_topic().topic_arn(topic_arn);
    let mut pages = call.into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| service_error("SNS", &error))?;
        found.extend(page.subscriptions.unwrap_or_default().into_iter().map(|subscription| Subscription {
            protocol: subscription.protocol.unwrap_or_default(),
            endpoint: subscription.endpoint.unwrap_or_default(),
            pending: subscription.subscription_arn.as_deref() == Some(PENDING),
        }));
    }
    Ok(found)
}
