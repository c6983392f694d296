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

/// Data that was loaded at start-up and stays.
package struct LoadedCaseData: CaseData {
    private let workflows: [WorkflowDefinition]
    private let workCalendar: WorkCalendar
    private let caseCategories: ReportCategories

    /// - Precondition: `workflows` is not empty; the one with the highest version is current.
    package init(workflows: [WorkflowDefinition], calendar: WorkCalendar, categories: ReportCategories) {
        precondition(!workflows.isEmpty, "cases need a workflow")
        self.workflows = workflows.sorted { $0.version < $1.version }
        self.workCalendar = calendar
        self.caseCategories = categories
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
    package func categories(_ context: ReadContext) -> ReportCategories { caseCategories }
}
