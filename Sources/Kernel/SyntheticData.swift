/// Whether people and firms that cannot exist are let in.
///
/// China reserves no fictional numbers, so demonstration and test data use the unassigned division 140599 in ID numbers
/// and credit codes, and mobile numbers that begin with 100. A system with real people refuses them.
package enum SyntheticData: Sendable, Hashable {
    case refused
    case allowed

    /// The division code that only synthetic people have.
    package static let division: String = "140599"
    /// What only synthetic mobile numbers begin with.
    package static let mobilePrefix: String = "100"
}
