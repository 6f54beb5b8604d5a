//! What branches are protected from, in the words of the edition their repository belongs to.

use super::{Refusal, RepoId, World};

/// One restriction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Restriction {
    pub(in super::super) id: u64,
    pub(in super::super) kind: String,
    /// A name or a form of names.
    pub(in super::super) branches: String,
    pub(in super::super) value: Option<u64>,
    /// Whom it does not hold for.
    pub(in super::super) except: Vec<String>,
}

impl World {
    /// Restricts branches; one of the same kind for the same branches is given back as it stands.
    pub(in super::super) fn restrict(
        &mut self,
        repo: RepoId,
        (kind, branches, value): (&str, &str, Option<u64>),
        except: &[String],
    ) -> Result<(Restriction, bool), Refusal> {
        let id = self.count();
        let all = &mut self.repo_mut(repo)?.restrictions;
        if let Some(known) = all.iter().find(|one| one.kind == kind && one.branches == branches) {
            return Ok((known.clone(), false));
        }
        let (kind, branches) = (kind.to_owned(), branches.to_owned());
        let new = Restriction { id, kind, branches, value, except: except.to_vec() };
        all.push(new.clone());
        Ok((new, true))
    }

    /// Lifts one; whether there was one.
    pub(in super::super) fn lift(&mut self, repo: RepoId, id: u64) -> Result<bool, Refusal> {
        let all = &mut self.repo_mut(repo)?.restrictions;
        let before = all.len();
        all.retain(|one| one.id != id);
        Ok(all.len() < before)
    }
}
