//! Which forms were filled lately, by which request, and how each stood then: a fill that was asked for
//! before an earlier one came through still finds its form, and no older one undoes a newer.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// How many are remembered.
const MOST: usize = 500;

/// The forms that were filled lately.
#[derive(Debug, Default)]
pub struct Fills(Mutex<VecDeque<Fill>>);

#[derive(Debug)]
struct Fill {
    view: String,
    by: i64,
    hash: String,
}

impl Fills {
    /// This request filled this view, which stands so since.
    pub fn note(&self, view: &str, by: i64, hash: &str) {
        let mut fills = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        fills.retain(|fill| fill.view != view);
        fills.push_back(Fill { view: view.to_owned(), by, hash: hash.to_owned() });
        while fills.len() > MOST {
            fills.pop_front();
        }
    }

    /// How a view stands since it was filled by an earlier request than this.
    pub fn before(&self, view: &str, by: i64) -> Option<String> {
        let fills = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        fills.iter().find(|fill| fill.view == view && fill.by < by).map(|fill| fill.hash.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_earlier_fill_makes_room() {
        let fills = Fills::default();
        fills.note("V1", 5, "h5");
        assert_eq!(fills.before("V1", 6).as_deref(), Some("h5"));
        assert_eq!(fills.before("V1", 4), None);
        assert_eq!(fills.before("V2", 6), None);
        (0..600).for_each(|at| fills.note(&format!("W{at}"), 1, "h"));
        assert_eq!(fills.before("V1", 6), None);
    }
}
