//! A batch of arrivals, written by few statements: many rows each, in chunks of few different lengths, so
//! that each length stays prepared.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Accepted, Arrival, Waiting};
use crate::store::base::Base;
use crate::store::deliveries::NewDelivery;
use crate::store::engine::Engine;
use crate::store::error::Error;
use crate::store::queue::Seen;
use crate::store::rows::{Columns, Inserts, Named, sql};
use crate::store::tx::Tx;
use crate::words::work::{Deliver, NewJob};

const JOBS: Inserts = Inserts {
    head: "INSERT INTO jobs (id, kind, payload, seen_key, urgency, run_at, ready_at, created_at, origin, body) VALUES",
    columns: 10,
    tail: "ON CONFLICT (seen_key) WHERE seen_key IS NOT NULL DO NOTHING",
};
const DELIVERIES: Inserts = Inserts {
    head: "INSERT INTO deliveries \
         (id, instance, request_id, hash, event_key, hook, received_at, body) VALUES",
    columns: 8,
    tail: "ON CONFLICT DO NOTHING",
};
const SEEN_REQUEST: &str = "SELECT id FROM jobs WHERE seen_key = $1";
const SEEN_DELIVERY: &str = "SELECT id FROM deliveries \
     WHERE (instance = $1 AND request_id = $2) OR hash = $3 ORDER BY id LIMIT 1";

pub(super) const ALL: &[Named] =
    &[("intake seen request", SEEN_REQUEST), ("intake seen delivery", SEEN_DELIVERY)];
pub(super) const INSERTS: &[(&str, &Inserts)] = &[("intake jobs", &JOBS), ("intake deliveries", &DELIVERIES)];

/// The longest chunk.
const LONGEST: usize = 64;
/// What a row weighs besides its body and payload.
const TARE: usize = 160;

/// How many bytes a statement carries, unless one row alone is heavier. To PostgreSQL it goes as one TLS
/// record, at most 16 KiB: the rest of a longer one would be held back by the system until the first part
/// is acknowledged, 40 ms later.
fn heaviest(engine: Engine) -> usize {
    match engine {
        Engine::Sqlite => 1024 * 1024,
        Engine::Postgres => 15 * 1024,
    }
}

/// A job to be written, and which of the batch it is for.
struct JobLine<'a> {
    at: usize,
    id: i64,
    kind: &'a str,
    payload: Cow<'a, str>,
    seen_key: Option<&'a str>,
    urgency: i64,
    run_at: i64,
    origin: Option<i64>,
    body: Option<&'a [u8]>,
}

impl JobLine<'_> {
    fn weight(&self) -> usize {
        self.payload.len() + self.body.map_or(0, <[u8]>::len)
    }
}

/// A delivery to be written, and which of the batch it is.
struct DeliveryLine<'a> {
    at: usize,
    id: i64,
    delivery: &'a NewDelivery,
    hash: &'a [u8],
}

/// Stores them all by one commit, or none. Answers in their order.
pub(super) async fn store_all(base: &Arc<Base>, batch: &[Waiting]) -> Result<Vec<Accepted>, Error> {
    let now = base.now();
    let mut tx = base.begin().await?;
    let mut accepted = vec![Accepted::Seen(0); batch.len()];
    let (mut in_line, mut jobs, mut deliveries) = (Vec::new(), Vec::new(), Vec::new());
    for (at, waiting) in batch.iter().enumerate() {
        match &waiting.arrived.arrival {
            Arrival::Slack { seen_key, job } if job.order_key.is_some() => in_line.push((at, seen_key, job)),
            Arrival::Slack { seen_key, job } => jobs.push(JobLine {
                at,
                id: base.ids.next(),
                kind: job.kind,
                payload: Cow::Borrowed(&job.payload),
                seen_key: Some(seen_key),
                urgency: job.urgency as i64,
                run_at: job.run_at.unwrap_or(now),
                origin: job.origin,
                body: job.body.as_deref(),
            }),
            Arrival::Delivery(delivery) => deliveries.push(DeliveryLine {
                at,
                id: base.ids.next(),
                delivery,
                hash: &waiting.arrived.hash,
            }),
        }
    }
    // By key, so that two lanes take the locks of two keys in the same order.
    in_line.sort_by_key(|(_, _, job)| job.order_key.as_deref());
    for (at, seen_key, job) in in_line {
        accepted[at] = add_in_line(&mut tx, seen_key, job).await?;
    }
    add_deliveries(&mut tx, &deliveries, &mut accepted).await?;
    jobs.extend(deliveries.iter().filter_map(|line| deliver(base, line, accepted[line.at], now)));
    add_jobs(&mut tx, &jobs, &mut accepted).await?;
    tx.commit().await?;
    Ok(accepted)
}

/// The job of a delivery that was stored just now.
fn deliver<'a>(base: &Base, line: &DeliveryLine<'_>, accepted: Accepted, now: i64) -> Option<JobLine<'a>> {
    let Accepted::Stored(delivery) = accepted else {
        return None;
    };
    let job = NewJob::of(&Deliver { delivery });
    Some(JobLine {
        at: line.at,
        id: base.ids.next(),
        kind: job.kind,
        payload: Cow::Owned(job.payload),
        seen_key: None,
        urgency: job.urgency as i64,
        run_at: now,
        origin: Some(delivery),
        body: None,
    })
}

/// A request that has to stand in line is added by itself.
async fn add_in_line(tx: &mut Tx, seen_key: &str, job: &NewJob) -> Result<Accepted, Error> {
    if let Some(id) = seen_request(tx, seen_key).await? {
        return Ok(Accepted::Seen(id));
    }
    let mut job = job.clone();
    job.unique_key = None;
    match tx.enqueue_seen(job, Seen(Some(seen_key.to_owned()))).await? {
        Some(id) => Ok(Accepted::Stored(id)),
        None => Err(Error::Conflict("jobs".to_owned())),
    }
}

async fn add_jobs(tx: &mut Tx, lines: &[JobLine<'_>], accepted: &mut [Accepted]) -> Result<(), Error> {
    let (mut rest, most) = (lines, heaviest(tx.base.engine));
    while !rest.is_empty() {
        let (chunk, later) = rest.split_at(chunk(rest, most, JobLine::weight));
        rest = later;
        let now = tx.now();
        let query = chunk.iter().fold(JOBS.of(tx.base.engine, chunk.len()), |query, line| {
            query
                .bind(line.id)
                .bind(line.kind)
                .bind(&*line.payload)
                .bind(line.seen_key)
                .bind(line.urgency)
                .bind(line.run_at)
                .bind(line.run_at)
                .bind(now)
                .bind(line.origin)
                .bind(line.body)
        });
        let all = tx.write(query).await? == chunk.len() as u64;
        for line in chunk {
            // What has no name of its own (a delivery's job) is answered for already.
            if let Some(seen_key) = line.seen_key {
                let found = if all { Some(line.id) } else { seen_request(tx, seen_key).await? };
                accepted[line.at] = answer(line.id, found)?;
            }
        }
    }
    Ok(())
}

async fn add_deliveries(
    tx: &mut Tx,
    lines: &[DeliveryLine<'_>],
    accepted: &mut [Accepted],
) -> Result<(), Error> {
    let (mut rest, most) = (lines, heaviest(tx.base.engine));
    while !rest.is_empty() {
        let (chunk, later) = rest.split_at(chunk(rest, most, |line| line.delivery.body.len()));
        rest = later;
        let now = tx.now();
        let query = chunk.iter().fold(DELIVERIES.of(tx.base.engine, chunk.len()), |query, line| {
            query
                .bind(line.id)
                .bind(line.delivery.instance.as_str())
                .bind(line.delivery.request_id.as_deref())
                .bind(line.hash)
                .bind(line.delivery.event_key.as_str())
                .bind(line.delivery.hook.as_deref())
                .bind(now)
                .bind(line.delivery.body.as_slice())
        });
        let all = tx.write(query).await? == chunk.len() as u64;
        for line in chunk {
            let found = if all { Some(line.id) } else { seen_delivery(tx, line).await? };
            accepted[line.at] = answer(line.id, found)?;
        }
    }
    Ok(())
}

/// What the row that is there now means for the arrival that was given this id. None is there when the
/// id itself was taken: then it is tried again, with another.
fn answer(id: i64, found: Option<i64>) -> Result<Accepted, Error> {
    match found {
        Some(found) if found == id => Ok(Accepted::Stored(id)),
        Some(found) => Ok(Accepted::Seen(found)),
        None => Err(Error::Conflict("id".to_owned())),
    }
}

async fn seen_request(tx: &mut Tx, seen_key: &str) -> Result<Option<i64>, Error> {
    let row = tx.row(sql(SEEN_REQUEST).bind(seen_key)).await?;
    row.map(|row| row.number("id")).transpose()
}

async fn seen_delivery(tx: &mut Tx, line: &DeliveryLine<'_>) -> Result<Option<i64>, Error> {
    let query = sql(SEEN_DELIVERY)
        .bind(line.delivery.instance.as_str())
        .bind(line.delivery.request_id.as_deref())
        .bind(line.hash);
    let row = tx.row(query).await?;
    row.map(|row| row.number("id")).transpose()
}

/// How many rows the next statement takes: a power of two, and fewer where they are heavy.
fn chunk<T>(rows: &[T], heaviest: usize, weight: impl Fn(&T) -> usize) -> usize {
    let together = |length: usize| rows[..length].iter().map(|row| TARE + weight(row)).sum::<usize>();
    let mut length = LONGEST;
    while length > 1 && (length > rows.len() || together(length) > heaviest) {
        length /= 2;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_have_few_lengths_and_are_short_where_rows_are_heavy() {
        let lengths = |mut rows: &[usize]| {
            let mut lengths = Vec::new();
            while !rows.is_empty() {
                let length = chunk(rows, 4_000, |weight| *weight);
                lengths.push(length);
                rows = &rows[length..];
            }
            lengths
        };
        assert_eq!(lengths(&[1; 39]), [16, 16, 4, 2, 1]);
        assert_eq!(lengths(&[9_000; 3]), [1, 1, 1]);
        assert_eq!(lengths(&[1_800; 5]), [2, 2, 1]);
    }
}
