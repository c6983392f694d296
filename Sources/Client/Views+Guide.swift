internal import Contract
internal import Dialogue
internal import Kernel

// The catalogue and its guides, from the contract to the screens.

extension ServiceView {
    init(_ item: OneStopV1.Item) {
        self.init(
            name: item.name, displayName: item.displayName, department: item.department,
            isQuery: item.kind == .query, promisedLimit: Text(limit: item.promisedLimit),
            statutoryLimit: Text(limit: item.statutoryLimit), isImmediate: item.immediate,
            visits: Int(item.visits), conditions: item.conditions.map { Text($0) },
            materials: item.materials.map {
                Material(
                    label: $0.label, source: $0.source, isRequired: $0.required, form: $0.form,
                    copies: Int($0.copies))
            },
            steps: item.steps.map { Text($0) }, fee: item.fee,
            fees: item.fees.map { Fee(label: $0.label, amountFen: $0.amountFen, note: $0.note) },
            procedures: item.specialProcedures.map(Procedure.init), result: item.result,
            legalBasis: item.legalBasis, place: item.place, phone: item.phone, source: item.source,
            acceptsApplications: item.acceptsApplications)
    }
}

extension ServiceView.Procedure {
    init(_ procedure: OneStopV1.SpecialProcedure) {
        let label = Text(procedure.label)
        self.init(label: label.isEmpty ? Text(procedure.kind) : label, limit: Text(limit: procedure.limit))
    }
}

extension Text {
    /// A time limit in words; nil when it is not known.
    init?(limit: PlatformV1.TimeLimit?) {
        guard let limit, limit.value > 0 else { return nil }
        let count = limit.value
        switch limit.unit {
        case .minute: self.init("\(count) 分钟", "\(count) minutes")
        case .workingHour: self.init("\(count) 个工作小时", "\(count) working hours")
        case .workingDay: self.init("\(count) 个工作日", "\(count) working days")
        case .calendarDay: self.init("\(count) 天", "\(count) days")
        case .unspecified, .unrecognized: return nil
        }
    }
}
