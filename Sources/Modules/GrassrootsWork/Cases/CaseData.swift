import Kernel
import Platform

/// The versioned data that shapes cases, as it stands in the store: workflows, the work calendar, categories.
struct CaseData: Sendable {
    /// Id of the workflow's document.
    static let workflowID: String = "case"
    /// Id of the categories' document.
    static let categoriesID: String = "report"

    let documents: Documents

    /// The workflow that new cases begin with.
    func currentWorkflow() throws(Refusal) -> WorkflowDefinition {
        guard let found = documents.value(.workflow, id: CaseData.workflowID, as: WorkflowDefinition.self)
        else {
            throw CaseData.missing("workflow/\(CaseData.workflowID)")
        }
        return found.value
    }

    /// The version that a case is pinned to.
    func workflow(version: Int) throws(Refusal) -> WorkflowDefinition {
        guard
            let found = documents.value(
                .workflow, id: CaseData.workflowID, version: version, as: WorkflowDefinition.self)
        else { throw CaseData.missing("workflow/\(CaseData.workflowID)/\(version)") }
        return found
    }

    func categories() throws(Refusal) -> ReportCategories {
        guard let found = documents.value(.categories, id: CaseData.categoriesID, as: ReportCategories.self)
        else {
            throw CaseData.missing("categories/\(CaseData.categoriesID)")
        }
        return found.value
    }

    /// The clock by the years that were imported.
    func clock() throws(Refusal) -> CaseClock {
        guard !documents.values(.calendar, as: WorkYear.self).isEmpty else {
            throw CaseData.missing("calendar")
        }
        return CaseClock(calendar: documents.calendar)
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
            kind: .unavailable, reason: "CASE_DATA_MISSING", zh: "案件的流程、类别或工作日历还没有导入，请联系管理员。",
            en: "The workflow, the categories or the calendar are not imported yet. Tell your administrator.",
            metadata: ["document": document])
    }
}
