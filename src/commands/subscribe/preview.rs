//! What a subscription would have told of what came lately: counted with the same reader and the same rules by
//! which it is told.

use std::collections::BTreeSet;

use crate::bot::{Context, Failure};
use crate::commands::repos::Found;
use crate::news::{Tally, tally};
use crate::words::message::Line;
use crate::words::wish::Wish;

/// So many deliveries are looked back at.
const BACK: u32 = 50;
/// A delivery larger than this is not read for it.
const LARGEST: i64 = 512 * 1024;

/// What the wish would have matched of the latest deliveries of these repositories; none where there were none.
pub(super) async fn looked_back(
    cx: &Context<'_>,
    found: &Found,
    wish: &Wish,
) -> Result<Option<Tally>, Failure> {
    let (store, site) = (&cx.bot.store, cx.bot.site(&found.repos.instance)?);
    let readable: Option<BTreeSet<String>> =
        found.readable.as_ref().map(|all| all.iter().map(|repo| repo.slug.to_lowercase()).collect());
    let read = |slug: &str| readable.as_ref().is_none_or(|readable| readable.contains(slug));
    let ids = store.deliveries_of(&found.repos, read, BACK).await?;
    let mut events = Vec::with_capacity(ids.len());
    for id in ids.into_iter().rev() {
        if let Some((key, body)) = store.delivery_body(id, LARGEST).await? {
            events.extend(site.read_delivery(&key, &body));
        }
    }
    let main = match found.repos.one() {
        Some(repo) => store.known(&format!("main:{repo}")).await?,
        None => None,
    };
    Ok((!events.is_empty()).then(|| tally(wish, &events, main.as_deref())))
}

/// The same in words.
pub(super) fn in_words(tally: Tally) -> Line {
    let of = match tally.of {
        many if many >= BACK as usize => format!("the last {many} deliveries"),
        1 => "the 1 delivery seen so far".to_owned(),
        few => format!("the {few} deliveries seen so far"),
    };
    let perhaps = match tally.perhaps {
        0 => String::new(),
        more => format!(", and perhaps {more} more, depending on the files they change"),
    };
    Line::new().text(format!("It would have matched {} of {of}{perhaps}.", tally.told))
}
