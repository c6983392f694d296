package import Kernel
package import Storage

/// What boundaries were on which day: places begin and end, and others take their place. Nothing that lies in a place moves
/// when it ends: a case keeps the grid of its day.
package enum Boundaries {
    static let schema: String = """
        ALTER TABLE platform_organizations ADD COLUMN start_day INTEGER;
        ALTER TABLE platform_organizations ADD COLUMN end_day INTEGER;
        CREATE TABLE platform_organization_successors (
            code TEXT NOT NULL REFERENCES platform_organizations (code),
            successor TEXT NOT NULL REFERENCES platform_organizations (code),
            PRIMARY KEY (code, successor)
        ) STRICT;
        """
    /// Places that take the place of one, at most.
    static let successorsMax: Int = 20
    /// An end lies at most so many days ahead: ten years.
    static let daysAheadMax: Int = 3_653

    /// The organisation, if something new can be put into it on this day.
    ///
    /// - Throws: NOT_FOUND; FAILED_PRECONDITION (`ORGANIZATION_ENDED`, `ORGANIZATION_NOT_BEGUN`) with what to use instead.
    @discardableResult
    package static func usable(_ connection: any Connection, _ code: String, on date: CivilDate) throws
        -> OrganizationRecord
    {
        let record: OrganizationRecord = try Organizations.get(connection, code)
        if let start = record.startDate, date < start { throw notBegun(record, start) }
        guard let end = record.endDate, end <= date else { return record }
        let names: [String] = try successors(of: code, connection).compactMap {
            try Organizations.find(connection, $0)?.name
        }
        throw ended(record, end, names)
    }

    /// The organisation that stands for one on this day: itself, or the only one that took its place, and so on; itself too
    /// where several did, since nobody but the person knows in which of them a home lies.
    package static func current(_ connection: any Connection, _ code: String, on date: CivilDate) throws
        -> String
    {
        var code: String = code
        for _ in 0..<Organizations.maximumDepth {
            guard let record = try Organizations.find(connection, code), let end = record.endDate, end <= date
            else { return code }
            let next: [String] = try successors(of: code, connection)
            guard next.count == 1 else { return code }
            code = next[0]
        }
        return code
    }

    /// Codes, in order.
    static func successors(of code: String, _ connection: any Connection) throws -> [String] {
        try connection.query(
            "SELECT successor FROM platform_organization_successors WHERE code = $1 ORDER BY successor",
            .text(code)
        ) { $0.text(0) }
    }

    /// Ends an organisation.
    ///
    /// - Throws: INVALID_ARGUMENT for the day or a successor, FAILED_PRECONDITION where it cannot end.
    @discardableResult
    package static func end(
        _ record: OrganizationRecord, on date: CivilDate, successors: [String], today: CivilDate,
        _ connection: any Connection
    ) throws -> OrganizationRecord {
        guard today < date, date.daysSinceEpoch - today.daysSinceEpoch <= daysAheadMax else { throw dayRange }
        if let end = record.endDate { throw hasEnd(record, end) }
        if let start = record.startDate, date <= start { throw dayRange }
        let parts: Int? = try connection.first(
            "SELECT count(*) FROM platform_organizations WHERE parent_code = $1 AND (end_day IS NULL OR end_day > $2)",
            .text(record.code), SQLValue(date.daysSinceEpoch)
        ) { $0.int(0) }
        guard parts == 0 else { throw hasParts(record) }
        let count: ClosedRange<Int> = (record.level == .department ? 0 : 1)...successorsMax
        guard count.contains(successors.count), Set(successors).count == successors.count else {
            throw successorCount
        }
        for code in successors {
            guard let other = try Organizations.find(connection, code), other.code != record.code,
                other.level == record.level, other.exists(on: date)
            else { throw successorUnsuitable(code) }
            try connection.execute(
                "INSERT INTO platform_organization_successors (code, successor) VALUES ($1, $2)",
                .text(record.code), .text(code))
        }
        try connection.execute(
            "UPDATE platform_organizations SET end_day = $2, version = version + 1 WHERE code = $1",
            .text(record.code), SQLValue(date.daysSinceEpoch))
        return try Organizations.get(connection, record.code)
    }

    // MARK: What people read

    private static func ended(_ record: OrganizationRecord, _ end: CivilDate, _ names: [String]) -> Refusal {
        let instead: (zh: String, en: String) =
            names.isEmpty
            ? ("请另选一个。", "Choose another one.")
            : ("请改选：\(names.joined(separator: "、"))。", "Choose instead: \(names.joined(separator: ", ")).")
        return .wrongState(
            reason: "ORGANIZATION_ENDED", zh: "\(record.name)自\(end)起不再使用。\(instead.zh)",
            en: "\(record.name) is not used from \(end) on. \(instead.en)", metadata: ["code": record.code])
    }

    private static func hasEnd(_ record: OrganizationRecord, _ end: CivilDate) -> Refusal {
        .wrongState(
            reason: "ORGANIZATION_ENDED", zh: "\(record.name)已经定在\(end)结束，不能再改。",
            en: "\(record.name) has its end on \(end) already, which stays.", metadata: ["code": record.code])
    }

    private static func notBegun(_ record: OrganizationRecord, _ start: CivilDate) -> Refusal {
        .wrongState(
            reason: "ORGANIZATION_NOT_BEGUN", zh: "\(record.name)自\(start)起才使用，现在请选原来的。",
            en: "\(record.name) is used from \(start) on. Choose the one of today.",
            metadata: ["code": record.code])
    }

    private static func hasParts(_ record: OrganizationRecord) -> Refusal {
        .wrongState(
            reason: "ORGANIZATION_HAS_PARTS", zh: "\(record.name)下面还有在用的，请先让它们在同一天或更早结束。",
            en: "\(record.name) has parts that go on. End them first, on the same day or before.",
            metadata: ["code": record.code])
    }

    private static let dayRange: Refusal = .invalid(
        field: "end_date", reason: "END_DATE_RANGE", zh: "结束的日子应在明天以后、十年以内，并在开始之后。",
        en: "The end is tomorrow or later, within ten years, and after the beginning.")

    private static let successorCount: Refusal = .invalid(
        field: "successors", reason: "SUCCESSOR_COUNT", zh: "请写明由谁接替，1至\(successorsMax)个，不要重复。",
        en: "Name 1 to \(successorsMax) successors, each once.")

    private static func successorUnsuitable(_ code: String) -> Refusal {
        .invalid(
            field: "successors", reason: "SUCCESSOR_UNSUITABLE", zh: "\(code)不能接替：要是同一层级、那天在用的另一个。",
            en:
                "\(code) cannot take its place: it must be another one of the same level that is there on that day.",
            metadata: ["code": code])
    }
}
