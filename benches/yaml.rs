//! How fast YAML is read and written: a stream of manifests of about 10 MB.

use divan::{Bencher, counter::BytesCount};
use jibe::source::{FileId, Files};
use jibe::yaml::{self, Node, Options};

fn main() {
    divan::main();
}

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-NUMBER
  namespace: shop
  labels:
    app.kubernetes.io/name: web
    app.kubernetes.io/instance: web-NUMBER
spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: web
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web
      annotations:
        checksum/config: \"0123456789abcdef0123456789abcdef\"
        description: >-
          what this one is for, in a sentence that is long enough to be
          broken into two lines
    spec:
      containers:
      - name: web
        image: registry.example.com/shop/web:1.2.3
        args: [\"--port\", \"8080\"]
        env:
        - name: LOG_LEVEL
          value: info
        - name: TRACING
          value: \"on\"
        ports:
        - containerPort: 8080
          name: http
        resources:
          limits: {cpu: 500m, memory: 256Mi}
          requests: {cpu: 100m, memory: 128Mi}
        readinessProbe:
          httpGet: {path: /healthz, port: http}
          periodSeconds: 5
        volumeMounts:
        - mountPath: /etc/web
          name: config
      volumes:
      - name: config
        configMap:
          name: web-NUMBER
          defaultMode: 0644
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-NUMBER
data:
  nginx.conf: |
    server {
      listen 8080;
      location / { root /srv/www; }
    }
---
";

fn stream() -> String {
    (0..6500).map(|number| DEPLOYMENT.replace("NUMBER", &number.to_string())).collect()
}

fn file() -> FileId {
    let files = Files::memory([("x", "")]).expect("a path");
    files.add("x", Vec::new()).expect("a text").id()
}

fn documents(text: &str, file: FileId) -> Vec<Node> {
    let documents = yaml::parse(text, file, Options::default()).expect("YAML");
    documents.into_iter().map(|document| document.root).collect()
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn read(bencher: Bencher<'_, '_>) {
    let (text, file) = (stream(), file());
    bencher.counter(BytesCount::of_str(&text)).bench(|| documents(&text, file));
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn write(bencher: Bencher<'_, '_>) {
    let nodes = documents(&stream(), file());
    let bytes = yaml::write_all(&nodes).len();
    bencher.counter(BytesCount::new(bytes)).bench(|| yaml::write_all(&nodes));
}
