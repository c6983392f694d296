package import Kernel
package import Platform
import Storage

/// Imports of data sets: all or nothing, and the set until now stays if anything is wrong.
package struct DataSetBook: Sendable {
    let platform: Platform
    /// Whether rows about people who cannot exist may come in.
    let synthetic: SyntheticData
    private var store: DataSetStore { DataSetStore(keyring: platform.keyring) }

    package init(platform: Platform, synthetic: SyntheticData) {
        self.platform = platform
        self.synthetic = synthetic
    }

    /// A set that was read, checked against the store, and is ready to be written.
    struct Prepared: Sendable {
        let set: StoredDataSet
        let rows: [DataSetStore.PreparedRow]
        let warnings: [DataProblem]
    }

    /// Ids of the sets that there are.
    package func ids() async throws -> Set<String> {
        try await platform.readAsSystem { context in
            Set(try DataSetStore.list(context.connection, after: "", limit: 1_000).map(\.schema.id))
        }
    }

    /// Imports a set without a caller: at the start of a demonstration.
    ///
    /// - Throws: `DataFileError` with each wrong line.
    /// - Returns: how many rows it has.
    @discardableResult
    package func importSet(schema: String, rows: String, asOf: Instant) async throws -> Int {
        let prepared: Prepared = try await prepare(schema: schema, content: rows, asOf: asOf)
        try await platform.performAsSystem(action: "data_set.import") { unit in
            try write(prepared, unit)
        }
        return prepared.rows.count
    }

    /// Reads and checks everything, outside of any write.
    ///
    /// - Throws: `DataFileError` with each wrong element or line.
    func prepare(schema yaml: String, content: String, asOf: Instant) async throws -> Prepared {
        let now: Instant = platform.environment.now()
        let schema: DataSetSchema = try DataSetSchema(yaml: yaml)
        var problems: [DataProblem] = []
        if asOf > now { problems.append(QueryTexts.asOfInFuture) }
        if schema.synthetic && synthetic == .refused { problems.append(QueryTexts.syntheticRefused) }
        guard problems.isEmpty else { throw DataFileError(problems: problems) }
        let file: DataSetFile = try DataSetFile(
            content, schema: schema, today: now.shanghaiDate, synthetic: synthetic)
        let places: PlaceNames = try await platform.readAsSystem { context in
            try checkItems(schema, context)
            return schema.columns.contains { $0.kind == .place }
                ? try PlaceNames(context.connection, on: context.now.shanghaiDate) : PlaceNames()
        }
        return try prepare(file, schema, places, asOf: asOf, now: now)
    }

    /// Writes what was prepared, with its entry in the audit log.
    func write(_ prepared: Prepared, _ unit: UnitOfWork) throws {
        let schema: DataSetSchema = prepared.set.schema
        // Somebody may have imported another set meanwhile.
        try checkItems(schema, unit.reading)
        try store.replace(prepared.set, rows: prepared.rows, unit.connection)
        unit.audit(
            subject: "dataSets/\(schema.id)",
            details: [
                "rows": String(prepared.rows.count), "asOf": prepared.set.asOf.rfc3339,
                "version": String(schema.version),
            ])
    }

    /// Every code is that of a query item, and no other set answers it.
    private func checkItems(_ schema: DataSetSchema, _ context: ReadContext) throws {
        let codes: [String] = schema.items.map(\.code)
        let owners: [String: String] = try DataSetStore.owners(context.connection, of: codes)
        var problems: [DataProblem] = []
        for code in codes {
            if try ItemStore.query(context.connection, code: code) == nil {
                problems.append(QueryTexts.itemUnknown(code))
            }
            if let owner: String = owners[code], owner != schema.id {
                problems.append(QueryTexts.itemTaken(code, by: owner))
            }
        }
        guard problems.isEmpty else { throw DataFileError(problems: problems) }
    }

    private func prepare(
        _ file: DataSetFile, _ schema: DataSetSchema, _ places: PlaceNames, asOf: Instant, now: Instant
    ) throws -> Prepared {
        var problems: [DataProblem] = []
        var rows: [DataSetStore.PreparedRow] = []
        var chosen: [String: [String: String]] = [:]
        for (index, row) in file.rows.enumerated() {
            var values: [String: String] = [:]
            for (column, value) in zip(schema.columns, row.values) { values[column.id] = value }
            var matches: [String] = []
            for parameter in schema.parameters {
                let texts: [String] = parameter.columns.map { values[$0] ?? "" }
                switch parameter.match {
                case .equals: matches.append(DataSetMatching.normalized(texts[0]))
                case .words: matches.append(texts.map(DataSetMatching.normalized).joined(separator: "\n"))
                case .place:
                    let place: PlaceNames.Place? = places.find(texts[0])
                    if place == nil && !texts[0].isEmpty {
                        problems.append(QueryTexts.placeUnknown(texts[0], line: row.line))
                    }
                    matches.append(place.map { DataSetMatching.reach(ofPlace: $0.code) } ?? "")
                    if let county: PlaceNames.Place = place.flatMap({ places.county(of: $0.code) }) {
                        chosen[parameter.id, default: [:]][county.code] = county.name
                    }
                }
                if parameter.chooses, parameter.match == .equals, !texts[0].isEmpty {
                    chosen[parameter.id, default: [:]][texts[0]] = texts[0]
                }
            }
            var items: Int = 0
            for (bit, item) in schema.items.enumerated()
            where item.only.allSatisfy({ values[$0.key] == $0.value }) { items |= 1 << bit }
            rows.append(
                try store.prepare(
                    row.values, number: index + 1, items: items, matches: matches, schema: schema))
        }
        for (id, values) in chosen where values.count > DataSetSchema.choicesMax {
            problems.append(QueryTexts.tooManyChoices(id, values.count))
        }
        guard problems.isEmpty else {
            throw DataFileError(problems: Array(problems.prefix(DataDocument.maximumProblems)))
        }
        return Prepared(
            set: StoredDataSet(
                schema: schema, rows: rows.count, asOf: asOf, importTime: now,
                choices: chosen.mapValues { values in
                    values.sorted { $0.key < $1.key }.map { DataSetChoice(value: $0.key, label: $0.value) }
                }),
            rows: rows, warnings: file.warnings)
    }
}

/// Counties and towns by name and code, for columns of places.
struct PlaceNames {
    struct Place: Sendable, Equatable {
        let code: String
        let name: String
    }
    private var byCode: [String: Place] = [:]
    /// Nil for names that two places have.
    private var byName: [String: Place?] = [:]
    private static let childrenMax: Int = 1_000

    init() {}

    init(_ connection: any Connection, on date: CivilDate) throws {
        let levels: [OrganizationLevel] = [.prefecture, .county, .town]
        var parents: [String?] = [nil]
        for level in levels {
            var next: [String?] = []
            for parent in parents {
                for record in try Organizations.children(
                    connection, of: parent, level: level, on: date, limit: PlaceNames.childrenMax)
                {
                    add(Place(code: record.code, name: record.name))
                    next.append(record.code)
                }
            }
            parents = next
        }
    }

    private mutating func add(_ place: Place) {
        byCode[place.code] = place
        byName[place.name] = byName[place.name] == nil ? .some(place) : .some(nil)
    }

    /// The place that a file names by its code or by a name that only one has.
    func find(_ text: String) -> Place? { byCode[text] ?? byName[text] ?? nil }

    /// The county in which a place lies; the place itself if it is one, or reaches further.
    func county(of code: String) -> Place? {
        let reach: String = DataSetMatching.reach(ofPlace: code)
        return byCode[String(reach.prefix(6)) + String(repeating: "0", count: 6)] ?? byCode[code]
    }
}
