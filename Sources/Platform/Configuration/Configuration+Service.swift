import Contract
import Kernel
import RPC

/// `ConfigurationService`: data in.
struct ConfigurationDesk: PlatformV1.ConfigurationService {
    private typealias Methods = PlatformV1.ConfigurationServiceMethods

    let platform: Platform

    static let access: [AccessRule] = [
        AccessRule(Methods.importDocument, .staff(.operator, .dataEditor)),
        AccessRule(Methods.listDocuments, .staff(.operator, .dataEditor, .auditor)),
        AccessRule(Methods.getDocument, .staff(.operator, .dataEditor, .auditor)),
    ]

    func importDocument(_ request: PlatformV1.ImportDocumentRequest, _ call: ServerCall) async throws
        -> PlatformV1.ImportDocumentResponse
    {
        let kind: DocumentKind = try DocumentKind(wire: request.kind)
        let checked: CheckedDocument = try platform.documents.read(kind, request.yaml)
        let warnings: [PlatformV1.Text] = checked.warnings.map { problem in
            PlatformV1.Text(zh: problem.message(in: .chinese), en: problem.message(in: .english))
        }
        if request.validateOnly { return PlatformV1.ImportDocumentResponse(warnings: warnings) }
        let answer: PlatformV1.ImportDocumentResponse = try await platform.perform(
            call, request, requestID: request.requestID, action: "document.import"
        ) { unit in
            let record: DocumentRecord? = try platform.documents.importText(kind, yaml: request.yaml, unit)
            if record == nil {
                unit.audit(
                    subject: "documents/\(kind.rawValue)/\(checked.id)", details: ["unchanged": "true"])
            }
            return PlatformV1.ImportDocumentResponse(
                document: record?.message(withText: false), warnings: warnings, unchanged: record == nil)
        }
        try await platform.readAsSystem { try platform.documents.load($0.connection) }
        return answer
    }

    func listDocuments(_ request: PlatformV1.ListDocumentsRequest, _ call: ServerCall) async throws
        -> PlatformV1.ListDocumentsResponse
    {
        let kind: DocumentKind? = request.kind == .unspecified ? nil : try DocumentKind(wire: request.kind)
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: [kind?.rawValue ?? ""])
        return try await platform.read(call) { context in
            let rows: [(sequence: Int64, record: DocumentRecord)] = try DocumentStore.list(
                context.connection, kind: kind, before: paging.after.flatMap { Int64($0[0]) },
                limit: paging.limit)
            let page = paging.cut(rows) { [String($0.sequence)] }
            return PlatformV1.ListDocumentsResponse(
                documents: page.rows.map { $0.record.message(withText: false) },
                nextPageToken: page.nextPageToken)
        }
    }

    func getDocument(_ request: PlatformV1.GetDocumentRequest, _ call: ServerCall) async throws
        -> PlatformV1.Document
    {
        let ids: [String] = try ResourceName(parsing: request.name, "documents/{kind}/{id}/{version}").ids
        guard let kind: DocumentKind = DocumentKind(rawValue: ids[0]), let version: Int = Int(ids[2]) else {
            throw ConfigurationTexts.notFound
        }
        return try await platform.read(call) { context in
            guard
                let record: DocumentRecord = try DocumentStore.find(
                    context.connection, kind, id: ids[1], version: version)
            else { throw ConfigurationTexts.notFound }
            return record.message(withText: true)
        }
    }
}

extension DocumentKind {
    fileprivate init(wire: PlatformV1.DocumentKind) throws(Refusal) {
        switch wire {
        case .menu: self = .menu
        case .workflow: self = .workflow
        case .calendar: self = .calendar
        case .reportCategories: self = .categories
        case .points: self = .points
        case .templates: self = .templates
        case .halls: self = .halls
        case .ratings: self = .ratings
        case .itemWords: self = .itemWords
        case .forms: self = .forms
        case .certificates: self = .certificates
        case .bundles: self = .bundles
        case .unspecified, .unrecognized: throw ConfigurationTexts.kindUnknown
        }
    }

    fileprivate var wire: PlatformV1.DocumentKind {
        switch self {
        case .menu: .menu
        case .workflow: .workflow
        case .calendar: .calendar
        case .categories: .reportCategories
        case .points: .points
        case .templates: .templates
        case .halls: .halls
        case .ratings: .ratings
        case .itemWords: .itemWords
        case .forms: .forms
        case .certificates: .certificates
        case .bundles: .bundles
        }
    }
}

extension DocumentRecord {
    fileprivate func message(withText: Bool) -> PlatformV1.Document {
        PlatformV1.Document(
            name: name, kind: kind.wire, id: id, version: Int32(clamping: version),
            yaml: withText ? yaml : "",
            createTime: .init(createTime), creator: creator)
    }
}

/// What people read about documents.
enum ConfigurationTexts {
    static let kindUnknown: Refusal = .invalid(
        field: "kind", reason: "DOCUMENT_KIND", zh: "不认识这种数据。请写明是菜单、流程、日历、类别、积分、模板、大厅、评价规则、事项用词还是表单。",
        en:
            "Say which kind it is: menu, workflow, calendar, categories, points, templates, halls, ratings, words of "
            + "items or forms.")
    static let notFound: Refusal = .notFound(
        reason: "DOCUMENT_NOT_FOUND", zh: "没有这份数据。请先列出再选。", en: "There is no such document. List them first.")
    static let frontEndMissing: Refusal = .invalid(
        field: "front_end", reason: "FRONT_END", zh: "请写明是聊天程序还是自助机。",
        en: "Say which front end: chatbot or kiosk.")
    static let menuMissing: Refusal = .wrongState(
        reason: "MENU_MISSING", zh: "还没有导入菜单。请管理员运行 linlictl import document menu。",
        en: "No menu was imported yet. An operator runs linlictl import document menu.")

    static func versionNotNewer(version: Int, newest: Int) -> Refusal {
        .wrongState(
            reason: "DOCUMENT_VERSION",
            zh: "文件写的是第 \(version) 版，已有第 \(newest) 版。请把 version 改成 \(newest + 1)。",
            en:
                "The file says version \(version), but version \(newest) is there. Set version to \(newest + 1).",
            metadata: ["version": String(version), "newest": String(newest)])
    }
}
