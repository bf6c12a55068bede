//! How long a realistic Deployment template takes: `cargo bench --bench render`.

use divan::Bencher;
use jibe::chart::Chart;
use jibe::diag::Sink;
use jibe::render::{ClusterInfo, Context, Renderer, TargetInfo};
use jibe::source::{Files, RelPath};
use jibe::values::{self, Known};
use std::sync::Arc;

const LABELS: &str = "{% macro labels(name, more) %}\napp.kubernetes.io/name: {{ name }}\napp.kubernetes.io/part-of: shop\n<<: {{ more }}\n{% endmacro %}\n";

/// One container, about fifty lines.
const CONTAINER: &str = "
      - name: {{ c.name }}
        image: \"{{ values.image.repository }}/{{ c.name }}:{{ values.image.tag }}\"
        imagePullPolicy: {{ values.image.pullPolicy | default(\"IfNotPresent\") }}
        args:
{% for arg in c.args %}
        - {{ arg }}
{% endfor %}
        env:
{% for e in c.env %}
        - name: {{ e.name }}
          value: \"{{ e.value }}\"
{% endfor %}
        ports:
        - name: http
          containerPort: {{ c.port }}
          protocol: TCP
        readinessProbe:
          httpGet: { path: {{ c.probe }}, port: http }
          periodSeconds: {{ values.probes.period }}
        livenessProbe:
          httpGet: { path: {{ c.probe }}, port: http }
          periodSeconds: {{ values.probes.period * 2 }}
        resources: {{ values.resources }}
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities: { drop: [ALL] }
{% if values.volumes %}
        volumeMounts:
{% for v in values.volumes %}
        - name: {{ v.name }}
          mountPath: {{ v.path }}
{% endfor %}
{% endif %}";

fn deployment() -> String {
    let containers: String =
        (0..3).map(|at| format!("{{% set c = values.containers[{at}] %}}{CONTAINER}\n")).collect();
    format!(
        "{{% from \"_labels.yaml\" import labels %}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{{{ target.service }}}}
  labels:
    {{{{ labels(target.service, values.labels) | indent(4) }}}}
  annotations:
    checksum/config: {{{{ values.config | sha256 }}}}
spec:
  replicas: {{{{ values.replicas }}}}
  revisionHistoryLimit: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: {{{{ target.service }}}}
  template:
    metadata:
      labels:
        {{{{ labels(target.service, values.labels) | indent(8) }}}}
    spec:
      containers:{containers}
      volumes:
{{% for v in values.volumes %}}
      - name: {{{{ v.name }}}}
        emptyDir: {{}}
{{% endfor %}}
      nodeSelector: {{{{ values.nodeSelector | default(omit) }}}}
"
    )
}

fn values_yaml() -> String {
    let container = |name: &str| {
        let env: String = (0..12)
            .map(|at| format!("  - {{ name: KEY_{at}, value: \"value {at}\" }}\n"))
            .collect();
        format!(
            "- name: {name}\n  port: 8080\n  probe: /healthz\n  args: [--port, \"8080\", --log, json]\n  env:\n{env}"
        )
    };
    let containers: String = ["web", "proxy", "agent"].map(container).concat();
    format!(
        "replicas: 3\nimage: {{ repository: registry.example/shop, tag: 1.2.3 }}\nprobes: {{ period: 5 }}\nlabels: {{ tier: front, team: shop }}\nconfig: {{ a: 1, b: two }}\nresources: {{ requests: {{ cpu: 100m, memory: 64Mi }}, limits: {{ memory: 128Mi }} }}\nvolumes: [{{ name: tmp, path: /tmp }}, {{ name: run, path: /run }}]\ncontainers:\n{containers}"
    )
}

fn chart() -> (Files, Arc<Chart>) {
    let files = Files::memory([
        ("web/chart.yaml", "name: web\nversion: 1.0.0\n".to_owned()),
        ("web/values.yaml", values_yaml()),
        ("web/templates/_labels.yaml", LABELS.to_owned()),
        ("web/templates/deployment.yaml", deployment()),
    ]);
    let files = files.expect("paths in the root");
    let folder = RelPath::parse("web").expect("a path");
    let chart = Chart::load(&files, &folder, &mut Sink::new(&files)).expect("a chart");
    (files, chart)
}

#[divan::bench]
fn prepare_a_chart(bencher: Bencher<'_, '_>) {
    let (files, chart) = chart();
    bencher.bench(|| Renderer::new(&chart, &mut Sink::new(&files)).expect("templates"));
}

#[divan::bench]
fn render_a_deployment(bencher: Bencher<'_, '_>) {
    let (files, chart) = chart();
    let renderer = Renderer::new(&chart, &mut Sink::new(&files)).expect("templates");
    let values = values::merge(&chart.defaults, &[], &Known::default());
    bencher.bench(|| {
        let mut sink = Sink::new(&files);
        let target = TargetInfo { service: "web".to_owned(), ..TargetInfo::default() };
        let cluster = ClusterInfo { version: "1.35".to_owned(), serves: Arc::new(|_, _| true) };
        let context = Context { values: &values, target, cluster, budget: Arc::default() };
        match renderer.render(&context, &mut sink) {
            Ok(rendered) => rendered,
            Err(_) => panic!("{}", sink.finish().expect_err("an error was reported")),
        }
    });
}

#[divan::bench]
fn start_a_thread_with_a_large_stack() {
    let thread = std::thread::Builder::new().stack_size(256 * 1024 * 1024).spawn(|| 1);
    assert_eq!(thread.expect("a thread").join().ok(), Some(1));
}

fn main() {
    divan::main();
}
