//! Order within message groups: of each group only one message is on its way at a time.
//!
//! A batch can fail in its middle, and what was sent cannot be taken back; so two messages of one group never share a
//! request. SQS itself hands out no further message of a group while one of it is in flight.

use std::collections::{HashMap, HashSet, VecDeque};

/// Messages in groups, given out in rounds: each round has at most one message of a group.
pub struct Lanes<M> {
    lanes: Vec<VecDeque<M>>,
}

impl<M> Lanes<M> {
    /// Sorts messages into lanes, in order; without a group, each is a lane of its own.
    pub fn of(messages: Vec<M>, group: impl Fn(&M) -> Option<String>) -> Self {
        let mut lanes: Vec<VecDeque<M>> = Vec::new();
        let mut by_group: HashMap<String, usize> = HashMap::new();
        for message in messages {
            let place = group(&message).map(|group| *by_group.entry(group).or_insert(lanes.len()));
            match place.and_then(|place| lanes.get_mut(place)) {
                Some(lane) => lane.push_back(message),
                None => lanes.push(VecDeque::from([message])),
            }
        }
        Self { lanes }
    }

    /// The next round: the first of each lane.
    pub fn round(&mut self) -> Vec<M> {
        let round = self.lanes.iter_mut().filter_map(VecDeque::pop_front).collect();
        self.lanes.retain(|lane| !lane.is_empty());
        round
    }

    /// Takes out what waits behind a message that failed: all others of these groups.
    pub fn block(&mut self, failed: &HashSet<String>, group: impl Fn(&M) -> Option<String>) -> Vec<M> {
        let (blocked, going): (Vec<_>, Vec<_>) = std::mem::take(&mut self.lanes)
            .into_iter()
            .partition(|lane| lane.front().and_then(&group).is_some_and(|group| failed.contains(&group)));
        self.lanes = going;
        blocked.into_iter().flatten().collect()
    }
}
