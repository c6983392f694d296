package import Kernel

/// One step in the history of an instance, as far as projections need it.
package struct WorkflowStep: Sendable, Hashable {
    package var action: String
    package var to: String
    package var time: Instant

    package init(action: String, to: String, time: Instant) {
        self.action = action
        self.to = to
        self.time = time
    }
}

/// A stage of a scheme with how far the instance has come.
package struct ProjectedStage: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable {
        /// Passed.
        case done
        /// Here it is now.
        case current
        /// Still to come.
        case pending
        /// Behind it, but never entered.
        case skipped
    }
    package let stage: WorkflowDefinition.Stage
    package let status: Status
    /// When it was last entered; nil if it never was.
    package let time: Instant?
}

extension WorkflowDefinition {
    /// The stage of a scheme that `state` belongs to; nil if there is no such scheme or state.
    package func stage(of state: String, in projectionID: String) -> Stage? {
        projection(projectionID)?.stages.first { $0.states.contains(state) }
    }

    /// All stages of a scheme with how far an instance in `state` has come. Each scheme has an order of its own:
    /// GB/T 30428 closes before it evaluates, the village loop evaluates before it closes. After rework, the stages
    /// that lie ahead once more are pending again.
    ///
    /// - Parameters:
    ///   - history: the steps so far, oldest first.
    ///   - began: when the instance was made.
    package func stages(
        of state: String, in projectionID: String, history: [WorkflowStep], began: Instant
    ) -> [ProjectedStage] {
        guard let projection = projection(projectionID),
            let current = projection.stages.firstIndex(where: { $0.states.contains(state) })
        else { return [] }
        return projection.stages.enumerated().map { index, stage in
            var time: Instant? = stage.states.contains(initialState.id) ? began : nil
            for step in history where stage.states.contains(step.to) || stage.passedBy.contains(step.action) {
                time = step.time
            }
            let status: ProjectedStage.Status =
                if index == current { .current } else if index > current { .pending } else {
                    time == nil ? .skipped : .done
                }
            return ProjectedStage(stage: stage, status: status, time: time)
        }
    }
}
