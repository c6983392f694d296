import Kernel
package import Platform

/// The versioned data that shapes cases: workflows, the work calendar, categories.
package protocol CaseData: Sendable {
    /// The workflow `case` that new cases begin with.
    func currentWorkflow(_ context: ReadContext) throws -> WorkflowDefinition
    /// The version that a case is pinned to.
    func workflow(version: Int, _ context: ReadContext) throws -> WorkflowDefinition
    func calendar(_ context: ReadContext) throws -> WorkCalendar
    func categories(_ context: ReadContext) throws -> ReportCategories
}

/// The data as it was imported into the store: what an import changes holds for the next call.
package struct ImportedCaseData: CaseData {
    /// Id of the workflow's document.
    private static let workflowID: String = "case"
    /// Id of the categories' document.
    private static let categoriesID: String = "report"

    private let documents: Documents

    package init(documents: Documents) { self.documents = documents }

    package func currentWorkflow(_ context: ReadContext) throws -> WorkflowDefinition {
        let id: String = ImportedCaseData.workflowID
        guard let found = documents.value(.workflow, id: id, as: WorkflowDefinition.self) else {
            throw ImportedCaseData.missing("workflow/\(id)")
        }
        return found.value
    }

    package func workflow(version: Int, _ context: ReadContext) throws -> WorkflowDefinition {
        let id: String = ImportedCaseData.workflowID
        guard let found = documents.value(.workflow, id: id, version: version, as: WorkflowDefinition.self)
        else {
            throw ImportedCaseData.missing("workflow/\(id)/\(version)")
        }
        return found
    }

    package func categories(_ context: ReadContext) throws -> ReportCategories {
        let id: String = ImportedCaseData.categoriesID
        guard let found = documents.value(.categories, id: id, as: ReportCategories.self) else {
            throw ImportedCaseData.missing("categories/\(id)")
        }
        return found.value
    }

    package func calendar(_ context: ReadContext) throws -> WorkCalendar {
        guard !documents.values(.calendar, as: WorkYear.self).isEmpty else {
            throw ImportedCaseData.missing("calendar")
        }
        return documents.calendar
    }

    /// Reads the documents that are this module's business.
    static let readers: [DocumentReader] = [
        DocumentReader(.categories) { yaml in
            let categories: ReportCategories = try ReportCategories(yaml: yaml)
            return CheckedDocument(id: categories.id, version: categories.version, value: categories)
        }
    ]

    private static func missing(_ document: String) -> Refusal {
        Refusal(
            kind: .unavailable, reason: "CASE_DATA_MISSING",
            zh: "案件的流程、类别或工作日历还没有导入，请联系管理员。",
            en: "The workflow, the categories or the calendar are not imported yet. Tell your administrator.",
            metadata: ["document": document])
    }
}

/// Data that is given once and stays, for imports and tests.
package struct LoadedCaseData: CaseData {
    private let workflows: [WorkflowDefinition]
    private let workCalendar: WorkCalendar
    private let reportCategories: ReportCategories

    /// - Precondition: `workflows` is not empty; the one with the highest version is current.
    package init(workflows: [WorkflowDefinition], calendar: WorkCalendar, categories: ReportCategories) {
        precondition(!workflows.isEmpty, "cases need a workflow")
        self.workflows = workflows.sorted { $0.version < $1.version }
        self.workCalendar = calendar
        self.reportCategories = categories
    }

    package func currentWorkflow(_ context: ReadContext) -> WorkflowDefinition {
        workflows[workflows.count - 1]
    }

    package func workflow(version: Int, _ context: ReadContext) throws -> WorkflowDefinition {
        guard let definition = workflows.first(where: { $0.version == version }) else {
            throw Refusal.internalError(reason: "CASE_WORKFLOW_MISSING")
        }
        return definition
    }

    package func calendar(_ context: ReadContext) -> WorkCalendar { workCalendar }
    package func categories(_ context: ReadContext) -> ReportCategories { reportCategories }
}
