//! What the purpose card says beside the purpose: who can see a field, and how long it is kept. It says what the
//! programs do, and nothing that they would like to do; a test at the office holds it against what devices get.

use crate::ids::Role;

/// Who can see a field, besides those who sit at the office's console. Follows from the streams in which its document
/// stands, and from who is given which stream: within a document there is no field that one of them sees and another
/// does not. What is sealed is masked on every screen until somebody touches it, and each look is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Readers {
    /// Who works in the grid, and supervisors.
    Grid,
    /// They, whoever reported the matter, and the coordinators of each department that it was handed to.
    Matter,
    /// They, and whoever wrote the diary.
    Diary,
}

/// Who works in a grid: the roles that are given its stream.
const GRID_ROLES: &[Role] =
    &[Role::GridLeader, Role::Assistant, Role::GridWorker, Role::BuildingHead, Role::Supervisor];
/// The same, and who is given the stream of a department.
const GRID_AND_DEPARTMENT_ROLES: &[Role] =
    &[Role::GridLeader, Role::Assistant, Role::GridWorker, Role::BuildingHead, Role::Coordinator, Role::Supervisor];

impl Readers {
    /// Every one.
    pub const ALL: [Readers; 3] = [Readers::Grid, Readers::Matter, Readers::Diary];

    /// Its name in texts and tables.
    pub fn name(self) -> &'static str {
        match self {
            Readers::Grid => "grid",
            Readers::Matter => "matter",
            Readers::Diary => "diary",
        }
    }
    /// Roles whose devices get it.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Readers::Grid | Readers::Diary => GRID_ROLES,
            Readers::Matter => GRID_AND_DEPARTMENT_ROLES,
        }
    }
    /// Who it is, in words.
    pub fn sentence(self) -> &'static str {
        match self {
            Readers::Grid => "本网格的网格长、助理、网格员、楼栋长，社区工作人员，督导员",
            Readers::Matter => {
                "本网格的网格长、助理、网格员、楼栋长，报上来的人，派到的部门的协管员，社区工作人员，督导员"
            }
            Readers::Diary => "写日志的人，本网格的网格长、助理、网格员、楼栋长，社区工作人员，督导员",
        }
    }
}

/// How long a field is kept. Nothing is erased by itself yet, and no office can erase: each of these says so, and
/// they differ in what ends earlier. A period belongs here on the day on which a program keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Retention {
    /// As long as the office keeps its book, with every earlier value. A phone has it only while the person or the
    /// door belongs to its grid.
    Book,
    /// As long as the office keeps its book: also when the matter is closed.
    Matter,
    /// As long as the office keeps its book.
    Diary,
}

impl Retention {
    /// Every one.
    pub const ALL: [Retention; 3] = [Retention::Book, Retention::Matter, Retention::Diary];

    /// Its name in texts and tables.
    pub fn name(self) -> &'static str {
        match self {
            Retention::Book => "book",
            Retention::Matter => "matter",
            Retention::Diary => "diary",
        }
    }
    /// How long, in words.
    pub fn sentence(self) -> &'static str {
        match self {
            Retention::Book => "社区一直留着，改掉以前的也留着，程序不会自动删；不再归本网格的，本网格手机上会去掉",
            Retention::Matter => "社区一直留着，办结以后也留着，程序不会自动删",
            Retention::Diary => "社区一直留着，程序不会自动删",
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::entity::kind_spec;
    use crate::ids::Kind;

    #[test]
    fn fields_of_one_document_are_seen_by_the_same_people_and_kept_as_long() {
        for kind in Kind::ALL {
            let fields: Vec<_> = kind_spec(kind).containers.iter().flat_map(|c| c.fields).collect();
            let first = (fields[0].readers, fields[0].retention);
            assert!(fields.iter().all(|f| (f.readers, f.retention) == first), "{kind:?}: a document travels whole");
        }
    }
}
