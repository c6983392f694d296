package import Kernel
package import Storage

/// The organisation tree: lookups for every module, and adding to it. All SQL of the tree is here and in its search.
package enum Organizations {
    /// Levels between the root and the deepest grid, at most.
    static let maximumDepth: Int = 10
    /// Characters of a name.
    static let nameLength: ClosedRange<Int> = 1...60

    static let columns: String = """
        code, name, level, parent_code, path, path_text, child_count, household_count, resident_count, latitude,
        longitude, aliases, phone, synthetic, version, start_day, end_day
        """

    /// The organisation with this code; nil if there is none.
    package static func find(_ connection: any Connection, _ code: String) throws -> OrganizationRecord? {
        try connection.first(
            "SELECT \(columns) FROM platform_organizations WHERE code = $1", .text(code), row: record)
    }

    /// The organisation with this code.
    ///
    /// - Throws: NOT_FOUND (`ORGANIZATION_NOT_FOUND`).
    package static func get(_ connection: any Connection, _ code: String) throws -> OrganizationRecord {
        guard let found = try find(connection, code) else {
            throw Refusal.notFound(
                reason: "ORGANIZATION_NOT_FOUND", zh: "没有找到这个地点或单位，请核对编码。",
                en: "There is no such place or body. Check the code.", metadata: ["code": code])
        }
        return found
    }

    /// The organisation and all above it, from the root down.
    package static func ancestry(_ connection: any Connection, of record: OrganizationRecord) throws
        -> [OrganizationRecord]
    {
        try record.path.split(separator: "/").compactMap { try find(connection, String($0)) }
    }

    /// The nearest of the organisation itself and those above it that has this level; nil if none has.
    package static func enclosing(
        _ connection: any Connection, _ record: OrganizationRecord, level: OrganizationLevel
    ) throws -> OrganizationRecord? {
        try ancestry(connection, of: record).last { $0.level == level }
    }

    /// Children that are there on a day, in order of code, after a code.
    package static func children(
        _ connection: any Connection, of parent: String?, level: OrganizationLevel? = nil, on date: CivilDate,
        after: String = "", limit: Int
    ) throws -> [OrganizationRecord] {
        try connection.query(
            """
            SELECT \(columns) FROM platform_organizations
            WHERE COALESCE(parent_code, '') = $1 AND code > $2 AND ($3 = 0 OR level = $3)
              AND (start_day IS NULL OR start_day <= $5) AND (end_day IS NULL OR end_day > $5)
            ORDER BY code LIMIT $4
            """,
            .text(parent ?? ""), .text(after), SQLValue(level?.rawValue ?? 0), SQLValue(limit),
            SQLValue(date.daysSinceEpoch), row: record)
    }

    /// Adds an organisation below its parent, with the words to find it by.
    ///
    /// - Throws: INVALID_ARGUMENT, NOT_FOUND for the parent, ALREADY_EXISTS (`ORGANIZATION_EXISTS`).
    @discardableResult
    package static func insert(_ connection: any Connection, _ new: NewOrganization) throws
        -> OrganizationRecord
    {
        try check(new)
        let parent: OrganizationRecord? = try new.parentCode.map { try get(connection, $0) }
        let path: String = (parent?.path ?? "/") + new.code + "/"
        let pathText: String = parent.map { "\($0.pathText) / \(new.name)" } ?? new.name
        guard path.split(separator: "/").count <= maximumDepth else {
            throw Refusal.invalid(
                field: "organization.parent", reason: "ORGANIZATION_TOO_DEEP", zh: "层级过深，最多\(maximumDepth)层。",
                en: "The tree has at most \(maximumDepth) levels.", metadata: ["maximum": "\(maximumDepth)"])
        }
        let inserted: Int = try connection.execute(
            """
            INSERT INTO platform_organizations (\(columns), own_household_count, own_resident_count)
            VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11, $12, $13, 1, $14, NULL, $7, $8) ON CONFLICT DO NOTHING
            """,
            .text(new.code), .text(new.name), SQLValue(new.level.rawValue), SQLValue(new.parentCode),
            .text(path), .text(pathText), SQLValue(new.householdCount), SQLValue(new.residentCount),
            SQLValue(new.center?.latitude), SQLValue(new.center?.longitude),
            .text(new.aliases.joined(separator: "\n")),
            .text(new.phone), SQLValue(new.synthetic), SQLValue(new.startDate?.daysSinceEpoch))
        guard inserted == 1 else {
            throw Refusal.alreadyExists(
                reason: "ORGANIZATION_EXISTS", zh: "该编码已存在。", en: "There is an organisation with this code.",
                metadata: ["code": new.code])
        }
        if let parent {
            try connection.execute(
                "UPDATE platform_organizations SET child_count = child_count + 1 WHERE code = $1",
                .text(parent.code))
            try OrganizationCounts.add(
                OrganizationCounts(households: new.householdCount, residents: new.residentCount),
                above: parent, connection)
        }
        try OrganizationSearch.index(connection, new)
        return try get(connection, new.code)
    }

    static func record(_ row: Row) -> OrganizationRecord {
        guard let level = OrganizationLevel(rawValue: row.int(2)) else {
            preconditionFailure("platform_organizations.level is \(row.int(2))")
        }
        let center: GeoPoint? =
            row.isNull(9) ? nil : GeoPoint(storedLatitude: row.real(9), storedLongitude: row.real(10))
        return OrganizationRecord(
            code: row.text(0), name: row.text(1), level: level, parentCode: row.textOrNil(3),
            path: row.text(4),
            pathText: row.text(5), childCount: row.int(6), householdCount: row.int(7),
            residentCount: row.int(8),
            center: center, aliases: row.text(11).split(separator: "\n").map(String.init),
            phone: row.text(12),
            synthetic: row.bool(13), version: row.int(14), startDate: day(row, 15), endDate: day(row, 16))
    }

    private static func day(_ row: Row, _ column: Int) -> CivilDate? {
        row.isNull(column) ? nil : CivilDate(daysSinceEpoch: row.int(column))
    }

    private static func check(_ new: NewOrganization) throws(Refusal) {
        _ = try OrganizationName.code(OrganizationName.text(new.code), field: "organization.name")
        guard nameLength.contains(new.name.count) else {
            throw .invalid(
                field: "organization.display_name", reason: "NAME_LENGTH", zh: "名称应为1至60个字。",
                en: "The name must have 1 to 60 characters.")
        }
        guard new.householdCount >= 0, new.residentCount >= 0 else {
            throw .invalid(
                field: "organization.household_count", reason: "COUNT_NEGATIVE", zh: "户数和人数不能为负数。",
                en: "Counts must not be negative.")
        }
        guard new.aliases.allSatisfy({ !$0.contains("\n") && nameLength.contains($0.count) }) else {
            throw .invalid(
                field: "organization.aliases", reason: "ALIAS_LENGTH", zh: "别名应为1至60个字。",
                en: "An alias must have 1 to 60 characters.")
        }
    }
}
