import Kernel
package import Platform

/// All service centres (ops/data/halls/halls.yaml).
package struct HallCatalogue: Sendable, Hashable {
    /// Id of the one document of its kind.
    static let documentID: String = "halls"

    let version: Int
    /// Days from tomorrow on for which appointments are given.
    let appointmentDays: Int
    /// In order of id.
    let halls: [Hall]

    func hall(_ id: String) -> Hall? { halls.first { $0.id == id } }

    /// Reads ops/data/halls.
    package static let reader: DocumentReader = DocumentReader(.halls) { yaml in
        let catalogue: HallCatalogue = try HallCatalogue(yaml: yaml)
        return CheckedDocument(id: documentID, version: catalogue.version, value: catalogue)
    }
}

extension HallCatalogue {
    static let hallsMax: Int = 1_000
    static let groupsMax: Int = 10
    static let countersMax: Int = 99
    static let slotCapacityMax: Int = 100
    static let appointmentDaysMax: Int = 14
    /// Chinese characters of a group's name: it is read from five metres.
    static let titleMax: Int = 8

    /// Reads and checks the document.
    ///
    /// - Throws: `DataFileError` with every problem: layouts that are not there, groups without a letter, hours that overlap.
    package init(yaml: String) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(
            required: ["id", "version", "appointment_days", "layouts", "halls"])
        if let node = fields["id"], node.identifier() != HallCatalogue.documentID {
            node.report(
                zh: "id应是\(HallCatalogue.documentID)。", en: "The id has to be \(HallCatalogue.documentID).")
        }
        version = fields["version"]?.integer(in: 1...1_000_000) ?? 1
        appointmentDays =
            fields["appointment_days"]?.integer(in: 1...HallCatalogue.appointmentDaysMax) ?? 1
        let layouts: [String: HallLayout] = Dictionary(
            (fields["layouts"]?.entries() ?? []).map { ($0.key, HallCatalogue.layout($0.value)) },
            uniquingKeysWith: { first, _ in first })
        let halls: [Hall] = (fields["halls"]?.entries() ?? []).prefix(HallCatalogue.hallsMax).compactMap {
            HallCatalogue.hall($0.key, $0.value, layouts)
        }
        self.halls = halls.sorted { $0.id < $1.id }
        try document.finish()
    }

    private static func hall(_ id: String, _ node: DataNode, _ layouts: [String: HallLayout]) -> Hall? {
        let fields: DataFields = node.fields(
            required: ["zh", "en", "place", "department", "address", "phone", "layout"], optional: ["notice"])
        if !ResourceName.isID(id) {
            node.report(zh: "“\(id)”不能作大厅编号。", en: "'\(id)' is no id of a hall.")
        }
        let layout: String = fields["layout"]?.identifier() ?? ""
        if layouts[layout] == nil {
            fields["layout"]?.report(
                zh: "没有叫“\(layout)”的布局，请先在layouts里写。", en: "There is no layout '\(layout)'.")
        }
        guard let found: HallLayout = layouts[layout] else { return nil }
        return Hall(
            id: id, title: fields.bilingual(maximum: 40), place: fields["place"]?.text(maximum: 40) ?? "",
            address: fields["address"]?.text(maximum: 100) ?? "",
            phone: fields["phone"]?.text(maximum: 30) ?? "",
            department: fields["department"]?.text(maximum: 60) ?? "",
            notice: fields["notice"]?.bilingual(maximum: 60), layout: found)
    }

    private static func layout(_ node: DataNode) -> HallLayout {
        let fields: DataFields = node.fields(
            required: ["counters", "slot_minutes", "last_ticket_minutes", "clearing_minutes", "groups"],
            optional: ["hours"])
        let groups: [HallGroup] = (fields["groups"]?.entries() ?? []).map(HallCatalogue.group)
        if groups.isEmpty || groups.count > groupsMax {
            node.report(zh: "窗口组应有1至\(groupsMax)个。", en: "There are 1 to \(groupsMax) counter groups.")
        }
        if groups.allSatisfy(\.isQuick) {
            node.report(zh: "至少要有一个不是快办的窗口组。", en: "One group at least is no quick one.")
        }
        return HallLayout(
            groups: groups, hours: fields["hours"].map(HallCatalogue.hours) ?? [],
            lastTicketMinutes: fields["last_ticket_minutes"]?.integer(in: 0...120) ?? 0,
            clearingMinutes: fields["clearing_minutes"]?.integer(in: 0...240) ?? 0,
            slotMinutes: fields["slot_minutes"]?.integer(in: 10...240) ?? 30,
            counters: fields["counters"]?.integer(in: 1...countersMax) ?? 1)
    }

    private static func group(_ id: String, _ node: DataNode) -> HallGroup {
        let fields: DataFields = node.fields(
            required: ["zh", "en", "description", "slot_capacity"],
            optional: ["quick", "types", "departments"])
        let letters: ClosedRange<Character> = "A"..."Z"
        if id.count != 1 || !id.allSatisfy(letters.contains) {
            node.report(zh: "窗口组的编号是一个大写字母。", en: "The id of a group is one capital letter.")
        }
        let title: BilingualText = fields.bilingual(maximum: titleMax * 2)
        if title.zh.count > titleMax {
            node.report(
                zh: "窗口组名最多\(titleMax)个字，大屏上要看得清。",
                en: "At most \(titleMax) Chinese characters: it stands on the display.")
        }
        return HallGroup(
            id: id, title: title,
            description: fields["description"]?.bilingual(maximum: 60) ?? BilingualText(zh: "", en: ""),
            isQuick: fields["quick"]?.flag() ?? false, types: Set(fields.texts("types")),
            departments: Set(fields.texts("departments")),
            slotCapacity: fields["slot_capacity"]?.integer(in: 0...slotCapacityMax) ?? 0)
    }

    /// Periods such as `09:00-12:00`, in order and apart.
    private static func hours(_ node: DataNode) -> [WorkPeriod] {
        var periods: [WorkPeriod] = []
        for element in node.list() {
            let times: [Int] = element.text(maximum: 11).split(separator: "-").compactMap { minute($0) }
            guard times.count == 2, let period = WorkPeriod(start: times[0], end: times[1]),
                period.start >= periods.last?.end ?? 0
            else {
                element.report(
                    zh: "时间写作09:00-12:00，按先后，不能重叠。", en: "Write hours as 09:00-12:00, in order and apart.")
                continue
            }
            periods.append(period)
        }
        return periods
    }

    private static func minute(_ text: Substring) -> Int? {
        let parts: [Substring] = text.split(separator: ":")
        guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
            (0...24).contains(hour), (0...59).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }
}
