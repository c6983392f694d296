internal import Storage

/// Households and residents of a place, counted up the tree.
///
/// What is given for a place covers all that lies below it: a community of 3,428 households stays one when its grids are
/// added with theirs. Where less is given than is counted below, or nothing, the sum of the places below counts.
struct OrganizationCounts: Sendable, Equatable {
    var households: Int
    var residents: Int

    /// Columns that keep apart what was given and what is counted below; the totals are made of them, for old rows too.
    static let schema: String =
        """
        ALTER TABLE platform_organizations ADD COLUMN own_household_count INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE platform_organizations ADD COLUMN own_resident_count INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE platform_organizations ADD COLUMN households_below INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE platform_organizations ADD COLUMN residents_below INTEGER NOT NULL DEFAULT 0;
        UPDATE platform_organizations SET own_household_count = household_count, own_resident_count = resident_count;

        """ + (1..<Organizations.maximumDepth).reversed().map(sums(ofDepth:)).joined()

    /// The root has depth 1. From the deepest up, so that each level finds the sums of the one below.
    private static func sums(ofDepth depth: Int) -> String {
        """
        UPDATE platform_organizations AS o SET
            households_below = c.households, residents_below = c.residents,
            household_count = max(o.own_household_count, c.households),
            resident_count = max(o.own_resident_count, c.residents)
        FROM (
            SELECT parent_code, sum(household_count) AS households, sum(resident_count) AS residents
            FROM platform_organizations WHERE parent_code IS NOT NULL GROUP BY parent_code
        ) AS c
        WHERE c.parent_code = o.code AND length(o.path) - length(replace(o.path, '/', '')) - 1 = \(depth);

        """
    }

    /// Counts what came to a place below `parent` in all places above.
    static func add(
        _ counts: OrganizationCounts, above parent: OrganizationRecord, _ connection: any Connection
    )
        throws
    {
        var more: OrganizationCounts = counts
        for code in parent.path.split(separator: "/").reversed() {
            if more == OrganizationCounts(households: 0, residents: 0) { return }
            let place: SQLValue = .text(String(code))
            let before: OrganizationCounts? = try totals(of: place, connection)
            try connection.execute(
                """
                UPDATE platform_organizations SET
                    households_below = households_below + $2, residents_below = residents_below + $3,
                    household_count = max(own_household_count, households_below + $2),
                    resident_count = max(own_resident_count, residents_below + $3)
                WHERE code = $1
                """, place, SQLValue(more.households), SQLValue(more.residents))
            guard let before, let after = try totals(of: place, connection) else { return }
            more = OrganizationCounts(
                households: after.households - before.households,
                residents: after.residents - before.residents)
        }
    }

    private static func totals(of place: SQLValue, _ connection: any Connection) throws -> OrganizationCounts?
    {
        try connection.first(
            "SELECT household_count, resident_count FROM platform_organizations WHERE code = $1", place
        ) { OrganizationCounts(households: $0.int(0), residents: $0.int(1)) }
    }
}
