mt 1

data {
  train = records("cifar/data_batch_*.bin", label=u8, image=u8[3, 32, 32])
  test = records("cifar/test_batch.bin", label=u8, image=u8[3, 32, 32])
  x: image
    -> scale(1 / 255)
    -> random_crop(32, padding=4)
    -> random_hflip(0.5)
    -> normalize(mean=[0.4914, 0.4822, 0.4465], std=[0.2470, 0.2435, 0.2616])
  y: label -> class(10)
  batch = 128
  shuffle = true
}

block conv_bn(x; ch, k=3, stride=1) {
  conv: conv2d(ch, k, stride=stride, padding=k // 2, bias=false)
  bn: batch_norm2d
}

block basic(x: [B, C, H, W]; ch, stride=1) {
  skip = x -> conv_bn(ch, 1, stride) when stride != 1 || C != ch
  a: conv_bn(ch, 3, stride) -> relu
  b: conv_bn(ch)
  add(skip) -> relu
}

model resnet20(x: [B, 3, 32, 32]) {
  stem: conv_bn(16) -> relu
  s1: repeat 3 { basic(16) }
  s2: repeat 3 as i { basic(32, stride=where(i == 0, 2, 1)) }
  s3: repeat 3 as i { basic(64, stride=where(i == 0, 2, 1)) }
  adaptive_avg_pool2d(1) -> flatten
  logits: linear(10)
}

loss { cross_entropy(logits, y) }
metrics { acc = accuracy(logits, y) }
optimizer sgd(lr=0.1, momentum=0.9, weight_decay=1e-4)
schedule multistep_lr(milestones=[82 epochs, 123 epochs], gamma=0.1)
train { run = 164 epochs }
